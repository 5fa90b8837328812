/** `run --baseline`: what a run needs so that it is compared with an earlier one. */
import fs from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {parseFailOn} from '../expect/fail-on.ts';
import {mostTries} from '../expect/interval.ts';
import {isEnough} from '../expect/rate.ts';
import {pastRun} from '../history/past-run.ts';
import {
	type Cell,
	type Change,
	type Claim,
	type Event,
	type NightlyVerdict,
	type PlannedScenario,
	scenarioId,
} from '../model/index.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import type {RunOptions} from '../run/context.ts';
import {sourcesFolder} from '../run/sources.ts';
import {newlyFailing} from '../verdict/again.ts';
import {type Baseline, findBaseline, pastBeside} from '../verdict/baseline.ts';
import {judge} from '../verdict/judge.ts';
import {workspace} from '../workspace.ts';
import {print} from './command.ts';

export interface NightlyFlags {
	baseline?: string;
	failOn?: string[];
}

export interface Nightly {
	/** Finds what the new failures come from. Returns the summary with it. */
	attribute: (of: {folder: string; summary: RunSummary}, options: RunOptions) => Promise<RunSummary>;
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
		attribute: async (of, options) => attributed(of, baseline, options),
		notices: [...baseline.notices, ...chosen],
		options: {
			again: {of: (cell, events) => newlyFailing(cell, events, baseline.run), isDecided: isEnough, mostTries},
			judge: events => judged(asEnded(events), baseline, failOn),
		},
	};
}

async function attributed(
	{folder, summary}: {folder: string; summary: RunSummary},
	baseline: Baseline,
	options: RunOptions,
): Promise<RunSummary> {
	const {run} = baseline;
	if (!run || summary.state !== 'finished') {
		return summary;
	}

	const {attributeNew} = await import('./attribute.ts');
	const {runMatrix} = await import('../run/run.ts');
	const {createReporter} = await import('../../reports/live.ts');
	const {writeReports} = await import('../../reports/write.ts');
	const {rewriteReports} = await import('../../reports/again.ts');
	const found = await attributeNew({
		...{folder, summary, baseline: run, print},
		scenarioBefore: async claim => scenarioIn(baseline, claim),
		runPoint: async more =>
			runMatrix(
				{
					...{...options, again: undefined, judge: undefined, keep: false, filter: []},
					...more,
					files: [...new Set(more.scenarios.map(({file}) => path.resolve(workspace, file)))],
				},
				// The last lines of a run are those of the run that is explained.
				{
					open: of => ({...createReporter({stream: process.stderr, folder: of, mode: 'plain'}), end() {}}),
					write: writeReports,
				},
			),
	});
	for (const {title, sentence} of found) {
		print(`${title}: ${sentence}`);
	}

	return found.length > 0 ? rewriteReports(folder).summary : summary;
}

/** Returns the scenario as the file has it that the baseline kept. */
async function scenarioIn({folder = ''}: Baseline, {file, title}: Claim): Promise<PlannedScenario | undefined> {
	const kept = path.join(folder, sourcesFolder, file);
	if (folder === '' || !fs.existsSync(kept)) {
		return undefined;
	}

	const {planScenarios} = await import('../plan/scenarios.ts');
	const {scenarios} = await planScenarios([kept], {folder});
	return scenarios.find(each => each.title === title);
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
