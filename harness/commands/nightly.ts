/** `run --baseline`: what a run needs so that it is compared with an earlier one. */
import {UsageError} from '../errors.ts';
import {parseFailOn} from '../expect/fail-on.ts';
import {mostTries} from '../expect/interval.ts';
import {isEnough} from '../expect/rate.ts';
import {pastRun} from '../history/past-run.ts';
import {
	type Cell,
	type Change,
	type Event,
	type NightlyVerdict,
	type PlannedScenario,
	scenarioId,
} from '../model/index.ts';
import type {RunOptions} from '../run/context.ts';
import {newlyFailing} from '../verdict/again.ts';
import {type Baseline, findBaseline, pastBeside} from '../verdict/baseline.ts';
import {judge} from '../verdict/judge.ts';

export interface NightlyFlags {
	baseline?: string;
	failOn?: string[];
}

export interface Nightly {
	baseline: Baseline;
	/** What the user has to know of the baseline before the run. */
	notices: string[];
	options: Pick<RunOptions, 'again' | 'judge'>;
}

/** Finds the baseline. Returns undefined without `--baseline`. Throws UsageError before anything is done to this host. */
export function prepareNightly(
	flags: NightlyFlags,
	cells: readonly Cell[],
	scenarios: readonly PlannedScenario[],
): Nightly | undefined {
	const failOn = failOnOf(flags);
	if (flags.baseline === undefined) {
		return undefined;
	}

	const baseline = findBaseline(flags.baseline, {
		claims: new Set(scenarios.map(scenarioId)),
		providers: cells.map(({provider}) => provider),
		startedAt: new Date().toISOString(),
	});
	const chosen = baseline.run ? [`the baseline is the run ${baseline.run.run} of ${baseline.run.startedAt}`] : [];
	return {
		baseline,
		notices: [...baseline.notices, ...chosen],
		options: {
			again: {of: (cell, events) => newlyFailing(cell, events, baseline.run), isDecided: isEnough, mostTries},
			judge: events => judged(asEnded(events), baseline, failOn),
		},
	};
}

/** Returns the verdict of recorded events against a baseline. */
function judged(events: Iterable<Event>, {asked, run, notices}: Baseline, failOn: Change[]): NightlyVerdict {
	const now = pastRun(events);
	return judge(now, run, {asked, failOn, past: pastBeside(run, now), notices});
}

/** A run is judged when all is proven, right before its last line. */
function* asEnded(events: Iterable<Event>): Generator<Event> {
	let last: Event | undefined;
	for (const event of events) {
		last = event;
		yield event;
	}

	if (last && last.event !== 'run-finished') {
		yield {at: last.at, event: 'run-finished', seconds: 0};
	}
}

/** Adds to the events of a recorded run its verdict against this baseline, for its reports. Throws UsageError. */
export function* withVerdict(events: Iterable<Event>, flags: NightlyFlags & {baseline: string}): Generator<Event> {
	const failOn = failOnOf(flags);
	const all = [...events];
	yield* all;
	const now = pastRun(all);
	const claims = new Set(now.cells.flatMap(({results}) => results.map(({id}) => id)));
	const providers = now.cells.map(({cell}) => cell.provider);
	const {startedAt, run} = now;
	const baseline = findBaseline(flags.baseline, {claims, providers, startedAt, run});
	if (all.length > 0) {
		yield {at: all.at(-1)!.at, event: 'judged', verdict: judged(all, baseline, failOn)};
	}
}

/** Returns the changes that are red. Throws UsageError for a word that is none, and without a baseline. */
export function failOnOf({baseline, failOn}: NightlyFlags): Change[] {
	if (failOn && baseline === undefined) {
		throw new UsageError('--fail-on is about a run with a baseline, and none is given.', {
			remedy: '--baseline last-good',
		});
	}

	return parseFailOn(failOn);
}
