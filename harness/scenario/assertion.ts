/** Describes a failed assertion in one line: its own message, and the actual and expected values. Pure. */
import {inspect} from 'node:util';

/** AVA's own error: a failed assertion, or the error in which AVA wraps what a scenario threw (then with a cause). */
export interface Assertion extends Error {
	/** `t.is()`; undefined for a wrapped error. */
	assertion?: string;
	/** Stack of the assertion's call. */
	assertionStack?: string;
	/** The diff. Optional, because AVA does not document it. */
	formattedDetails?: Array<{label: string; formatted: string}>;
	improperUsage?: object | null;
	/** This field and the next two come from `node:assert`. */
	generatedMessage?: boolean;
	actual?: unknown;
	expected?: unknown;
}

/** Maximum characters of the line, and how many of them are reserved for the values, even if the message is long. */
const longest = 500;
const longestSeen = 200;

/** Returns `t.is() did not hold: the message (actual: 3; expected: 4)`. A long part is cut, but never left out. */
export function assertionLine(error: Assertion): string {
	const what = error.assertion ? `${error.assertion} did not hold` : 'an assertion did not hold';
	const said = joined(error.message);
	const seen = shortened(seenIn(error), longestSeen);
	if (!said) {
		return seen ? `${what}: ${seen}` : what;
	}

	const tail = seen ? ` (${seen})` : '';
	return `${shortened(error.assertion ? `${what}: ${said}` : said, longest - tail.length)}${tail}`;
}

/** Returns the whole diff, as AVA shows it. */
export function assertionDetails({formattedDetails = []}: Assertion): string {
	return formattedDetails.map(({label, formatted}) => `${label}\n${formatted}`.trim()).join('\n\n');
}

/** Compares by name, because AVA does not export the class. */
export function isAssertion(error: unknown): error is Assertion {
	return error instanceof Error && (error.name === 'AssertionError' || 'assertion' in error);
}

/** Whether AVA only wraps what a scenario threw. The cause may be any value, also undefined. */
export function isWrapping(error: Assertion): boolean {
	return (
		!error.assertion &&
		/^(Error thrown in test|Rejected promise returned by test|Assertion failed)$/.test(error.message)
	);
}

/** Whether the scenario asserts nothing, or uses an assertion wrongly. Such an error says nothing about the product. */
export function isMistake(error: Error | Assertion): boolean {
	const {assertion, improperUsage, formattedDetails = []} = error as Assertion;
	return (
		/^Test finished(,| without running any assertions)/.test(error.message) ||
		assertion === 't.plan()' ||
		Boolean(improperUsage) ||
		formattedDetails.some(({label}) => /^Called with:|Use `t\.\w+\(\)` instead/.test(plain(label)))
	);
}

function seenIn(error: Assertion): string {
	if (error.generatedMessage === false) {
		const shown = (value: unknown) => joined(inspect(value, {breakLength: Number.POSITIVE_INFINITY}));
		return pair(shown(error.actual), shown(error.expected));
	}

	const parts = (error.formattedDetails ?? []).map(({label, formatted}) => {
		const text = plain(label);
		return text.startsWith('Difference') ? difference(plain(formatted), text) : `${text} ${joined(formatted)}`;
	});
	return parts.join('; ');
}

/** Returns only the lines that differ. The label says which sign marks the actual value. */
function difference(formatted: string, label: string): string {
	const sign = /\((.) actual/.exec(label)?.[1] ?? '-';
	const lines = formatted.split('\n');
	const of = (wanted: (start: string) => boolean) =>
		joined(lines.flatMap(line => (/^[-+] /.test(line) && wanted(line[0]!) ? line.slice(1) : [])).join(' ')).replace(
			/,$/,
			'',
		);
	const [actual, expected] = [of(start => start === sign), of(start => start !== sign)];
	if (actual && expected) {
		return pair(actual, expected);
	}

	return actual ? `not expected: ${actual}` : expected ? `missing: ${expected}` : joined(formatted);
}

/** Shows both values, even if one is long. */
function pair(actual: string, expected: string): string {
	const room = longestSeen - 'actual: ; expected: '.length;
	const cut = (one: string, other: string) => shortened(one, Math.max(room / 2, room - other.length));
	return `actual: ${cut(actual, expected)}; expected: ${cut(expected, actual)}`;
}

function joined(text: string): string {
	return plain(text).replaceAll(/\s+/g, ' ').trim();
}

/** Cuts a text to a number of characters. */
export function shortened(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, Math.max(0, length - 1))}…` : text;
}

/** Removes AVA's colours. */
export function plain(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: AVA colours its diffs
	return text.replaceAll(/\u001B\[[0-9;]*m/g, '');
}
