/** Decides from an error whether the product or the lab is to blame, or neither. Pure. */
import {EngineError, explain, HarnessError, NotApplicable, NotProvenError} from '../errors.ts';
import {type ClockRate, saysNoRoom} from '../machine/index.ts';
import {busyHost, type Reason, type Verdict} from '../model/index.ts';
import {
	type Assertion,
	assertionDetails,
	assertionLine,
	isAssertion,
	isMistake,
	isWrapping,
	plain,
	shortened,
} from './assertion.ts';
import type {Starved} from './starved.ts';

export interface Judgement {
	verdict: Exclude<Verdict, 'passed'>;
	reason: Reason;
}

/** Judges the error with which an attempt of AVA's failed. */
export function judge(error: unknown): Judgement {
	const thrown = thrownBy(error);
	if (thrown instanceof NotApplicable) {
		return {verdict: 'skipped', reason: reasonOf(thrown)};
	}

	if (thrown instanceof Error && isMistake(thrown)) {
		return {verdict: 'broken', reason: {...reasonOfAssertion(thrown), type: 'ScenarioError', remedy: mistake}};
	}

	if (isAssertion(thrown)) {
		return {verdict: rejectedByOthers(thrown) ? 'broken' : 'failed', reason: reasonOfAssertion(thrown)};
	}

	const product = thrown instanceof NotProvenError || (thrown instanceof EngineError && thrown.status >= 500);
	return {verdict: product ? 'failed' : 'broken', reason: reasonOf(thrown)};
}

/**
 * Makes a failed claim broken if a machine was starved while it was tried. Then it says nothing about the product: the deadlines
 * of the engine and of the nodes' heartbeats are clock times, and no limit of ours can exclude the time that the machines
 * waited. Pure.
 */
export function unlessStarved<Judged extends {verdict: Verdict; reason?: Reason}>(
	judged: Judged,
	starved: Starved | undefined,
): Judged {
	if (judged.verdict !== 'failed' || !starved) {
		return judged;
	}

	const {machine, seconds, ranSeconds, waitedSeconds} = starved;
	const percent = ((ranSeconds / (ranSeconds + waitedSeconds)) * 100).toFixed(0);
	return asBroken(judged, {
		type: busyHost.starved,
		why: `for ${seconds.toFixed(0)} s this host gave ${machine} ${percent} % of the CPU time that it asked for`,
		figures: `it waited for ${waitedSeconds.toFixed(0)} s of them`,
		remedy: 'Run it while the host has less to do, or with fewer machines at once: --jobs 1, --workers 1.',
	});
}

/** The share of this host's time by which a machine's clock may be wrong. NTP corrects by 1/2000 at most. */
const tolerance = 0.1;

/** Makes a failed claim broken if the clock of a machine runs faster or slower than this host's. Pure. */
export function unlessClockIsWrong<Judged extends {verdict: Verdict; reason?: Reason}>(
	judged: Judged,
	rates: readonly ClockRate[],
): Judged {
	const wrong = rates.find(({atLeast, atMost}) => atLeast > 1 + tolerance || atMost < 1 - tolerance);
	if (judged.verdict !== 'failed' || !wrong) {
		return judged;
	}

	const {machine, atLeast, atMost} = wrong;
	return asBroken(judged, {
		type: busyHost.wrongClock,
		why: `the clock of ${machine} runs ${((atLeast + atMost) / 2).toFixed(1)} times as fast as this host's`,
		figures: `between ${atLeast.toFixed(2)} and ${atMost.toFixed(2)} times`,
		remedy: 'Run it with --cold, so that the machine measures its clock again; report it when it comes back.',
	});
}

/**
 * Makes a failed claim broken if an engine says that its node lacks disk or memory: an assertion may say so for reasons of its own.
 * Not where the scenario has put faults in, as one of them may be why. Pure.
 */
export function unlessNoRoom<Judged extends {verdict: Verdict; reason?: Reason}>(
	judged: Judged,
	faults: readonly unknown[],
): Judged {
	const {type = '', message = '', details = ''} = judged.reason ?? {};
	const said = `${message}\n${details}`.split('\n').find(saysNoRoom);
	const isEngines = type === 'NotProvenError' || type === 'EngineError';
	if (judged.verdict !== 'failed' || faults.length > 0 || !isEngines || said === undefined) {
		return judged;
	}

	return asBroken(judged, {
		type: 'NoRoom',
		why: 'a node had no room',
		figures: `its engine said: ${shortened(said.trim(), 200)}`,
		remedy: 'Make room: on the disk of the Docker host (docker system df), or by larger machines (--memory).',
	});
}

/** Returns a failed claim as broken. Its old message and details follow the new ones. */
function asBroken<Judged extends {reason?: Reason}>(
	judged: Judged,
	{type, why, figures, remedy}: {type: string; why: string; figures: string; remedy: string},
): Judged {
	const {message = '', details = ''} = judged.reason ?? {};
	return {
		...judged,
		verdict: 'broken',
		reason: {
			message: `${why}: ${message}`,
			type,
			details: `${why} (${figures}), so what follows says nothing of the product.\n\n${details}`,
			remedy,
		},
	};
}

const mistake = 'Mend the scenario: as it stands it says nothing of the product.';

/**
 * Returns the error that decides. If an assertion about thrown errors (`t.throws()`, `t.notThrows()`) caught trouble of the
 * lab, or a mistake in the file, that cause decides: the claim is not refuted.
 */
function thrownBy(error: unknown): unknown {
	if (!isAssertion(error)) {
		return error;
	}

	return isWrapping(error) || isNotTheProducts(error.cause) ? error.cause : error;
}

/** Recognises the class of a rejected promise's error by its name: AVA keeps only the printed form of the error. */
function rejectedByOthers({formattedDetails = []}: Assertion): boolean {
	return formattedDetails.some(({label, formatted}) => {
		const [, name = ''] = /^(\w+)/.exec(plain(formatted)) ?? [];
		const status = Number(/^\s*status: (\d+)/m.exec(plain(formatted))?.[1]);
		return (
			/ rejected with:$/.test(plain(label)) && (notTheProducts.has(name) || (name === 'EngineError' && status < 500))
		);
	});
}

const notTheProducts = new Set([
	...['HarnessError', 'UsageError', 'HostError', 'ArtifactError', 'MachineError', 'CommandError', 'WaitError'],
	...['NotApplicable', 'TypeError', 'ReferenceError'],
]);

function isNotTheProducts(cause: unknown): boolean {
	return (
		cause instanceof HarnessError ||
		cause instanceof NotApplicable ||
		(cause instanceof EngineError && cause.status < 500) ||
		cause instanceof TypeError ||
		cause instanceof ReferenceError
	);
}

/** Returns an error as a `Reason`: one line, and all details. */
function reasonOf(error: unknown): Reason {
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
	const message = assertionLine(error);
	const said = error.assertion && error.message ? `${error.assertion} did not hold: ${error.message}` : error.message;
	return {
		message,
		type: 'AssertionError',
		details: plain(
			[said || message, assertionDetails(error), frames(error.assertionStack ?? error.stack)]
				.filter(Boolean)
				.join('\n\n'),
		),
	};
}

/** Returns only those frames of a stack that belong to a scenario or to the harness. */
function frames(stack = ''): string {
	return stack
		.split('\n')
		.filter(line => /^\s+at /.test(line) && !/node_modules|node:/.test(line))
		.join('\n');
}

function oneLine(text: string): string {
	const line = plain(text)
		.split('\n')
		.find(each => each.trim() !== '');
	return shortened(line?.trim() ?? '', 500);
}
