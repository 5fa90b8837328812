/** What an error means: the product's fault, ours, or neither. Pure. */
import {EngineError, explain, HarnessError, NotApplicable, NotProvenError} from '../errors.ts';
import type {Reason, Verdict} from '../model.ts';

export interface Judgement {
	verdict: Exclude<Verdict, 'passed'>;
	reason: Reason;
}

/** AVA's own error: an assertion that did not hold, or the wrapping of what a scenario threw (then with a cause). */
interface Assertion extends Error {
	assertion?: string;
	/** Where the assertion stands. */
	assertionStack?: string;
	/** Undocumented, hence optional: the diff. */
	formattedDetails?: Array<{label: string; formatted: string}>;
}

/** Judges what an attempt of AVA's failed with. */
export function judge(error: unknown): Judgement {
	const cause = error instanceof Error ? error.cause : undefined;
	const thrown = isAssertion(error) && cause instanceof Error ? cause : error;
	if (thrown instanceof NotApplicable) {
		return {verdict: 'skipped', reason: reasonOf(thrown)};
	}

	if (isAssertion(thrown)) {
		return {verdict: 'failed', reason: reasonOfAssertion(thrown)};
	}

	const product = thrown instanceof NotProvenError || (thrown instanceof EngineError && thrown.status >= 500);
	return {verdict: product ? 'failed' : 'broken', reason: reasonOf(thrown)};
}

/** As `Reason` wants it: one line, and the whole. */
export function reasonOf(error: unknown): Reason {
	if (!(error instanceof Error)) {
		return {message: oneLine(String(error)), type: 'Error', details: String(error)};
	}

	const ours = error instanceof HarnessError || error instanceof NotProvenError || error instanceof EngineError;
	const console = 'consoleTail' in error ? (error.consoleTail as string[]) : [];
	const details = [
		ours || error instanceof NotApplicable ? explain(error) : (error.stack ?? error.message),
		...(ours ? [frames(error.stack)] : []),
		...(console.length > 0 ? ['Last lines of its console:', ...console] : []),
	];
	return {
		message: oneLine(error.message) || error.name,
		type: error.name,
		details: plain(details.filter(Boolean).join('\n')),
		...(error instanceof HarnessError && error.remedy && {remedy: error.remedy}),
	};
}

function reasonOfAssertion(error: Assertion): Reason {
	const diff = (error.formattedDetails ?? []).map(({label, formatted}) => `${label}\n${formatted}`.trim()).join('\n\n');
	const what = error.assertion ? `${error.assertion} did not hold` : error.message;
	const said = error.message && error.message !== what ? `: ${error.message}` : '';
	// Without a message the first line of the diff says more than the name of the assertion.
	const hint =
		said ||
		(diff
			? `: ${plain(diff)
					.split('\n')
					.slice(1, 3)
					.map(line => line.trim())
					.join(' ')}`
			: '');
	return {
		message: oneLine(`${what}${hint}`) || 'an assertion did not hold',
		type: 'AssertionError',
		details: plain([`${what}${said}`, diff, frames(error.assertionStack ?? error.stack)].filter(Boolean).join('\n\n')),
	};
}

/** By name: AVA does not export the class. */
function isAssertion(error: unknown): error is Assertion {
	return (
		error instanceof Error && (error.name === 'AssertionError' || 'assertion' in error || isWithoutAssertion(error))
	);
}

function isWithoutAssertion(error: Error): boolean {
	return error.message.startsWith('Test finished without running any assertions');
}

/** Of a stack only the frames that are a scenario's or ours. */
function frames(stack = ''): string {
	return stack
		.split('\n')
		.filter(line => /^\s+at /.test(line) && !/node_modules|node:/.test(line))
		.join('\n');
}

function oneLine(text: string): string {
	const line =
		plain(text)
			.split('\n')
			.find(each => each.trim() !== '')
			?.trim() ?? '';
	return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

function plain(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: AVA colours its diffs
	return text.replaceAll(/\u001B\[[0-9;]*m/g, '');
}
