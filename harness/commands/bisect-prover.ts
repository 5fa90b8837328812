/** Measures versions by runs of their own, through the same path as `swarmlab run`, on fresh machines for each try. */
import path from 'node:path';
import type {Prover, Trial} from '../bisect/bisect.ts';
import type {Version} from '../bisect/points.ts';
import {mostTries, type Tally} from '../bisect/sequential.ts';
import {UsageError} from '../errors.ts';
import {type Cell, type Event, type PlannedScenario, type Result, scenarioId} from '../model/index.ts';
import {eachEvent} from '../record/record.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import type {RunOptions} from '../run/context.ts';
import type {Reports, RunOutcome} from '../run/run.ts';

/** What is the same in each run. */
export interface ProverSettings {
	scenario: PlannedScenario;
	/** Absolute. */
	file: string;
	cellOf(version: Version): Promise<Cell>;
	packages: RunOptions['packages'];
	command: string[];
	run(options: RunOptions, reports: Reports): Promise<RunOutcome>;
	reports: Reports;
	prepare?: (cells: readonly Cell[]) => () => Promise<void>;
}

/** Makes the prover of a search over versions. */
export function createProver(versions: readonly Version[], settings: ProverSettings): Prover {
	const {scenario, cellOf, prepare} = settings;
	const versionOf = (id: string) => versions.find(each => each.id === id)!;
	return {
		async prove({id}, {enough, begun}) {
			return trialOf(await proveCell(await cellOf(versionOf(id)), settings, {enough, begun}), scenario);
		},
		recall: (_, folder) => tallyOf(resultsIn(folder)),
		...(prepare && {
			prepare(points) {
				let stop: (() => Promise<void>) | undefined;
				let stopped = false;
				const starting = Promise.all(points.map(async ({id}) => cellOf(versionOf(id))))
					.then(cells => {
						stop = stopped ? undefined : prepare(cells);
					})
					// The run of that version meets the same trouble, and reports it.
					.catch(() => undefined);
				return async () => {
					stopped = true;
					await starting;
					await stop?.();
				};
			},
		}),
	};
}

/** Proves the scenario on one cell until its tries are enough. */
export async function proveCell(
	cell: Cell,
	{scenario, file, packages, command, run, reports}: ProverSettings,
	{enough, begun}: {enough: (tally: Tally) => boolean; begun?: (folder: string) => void},
): Promise<RunOutcome> {
	return run(
		{
			...{cells: [cell], files: [file], scenarios: [scenario], filter: [], isPart: true, isolated: true},
			// The neighbours can be compared afterwards.
			evidenceOfPassed: true,
			...{repeat: mostTries, enough: results => enough(tallyOf(results))},
			...{origin: 'cluster snapshot', reuseFixtures: false, keep: false, jobs: 'auto', packages, command},
		},
		{
			...reports,
			open(folder) {
				begun?.(folder);
				return reports.open(folder);
			},
		},
	);
}

/** Returns what a run came to. A cell that did not come up says why, and counts as undecided. */
export function trialOf({folder, summary}: Pick<RunOutcome, 'folder' | 'summary'>, scenario: PlannedScenario): Trial {
	const [cell] = summary.cells;
	const its = cell?.cases.find(({id}) => id === scenarioId(scenario));
	const reason = its?.reason ?? cell?.reason;
	return {
		folder,
		tally: {...countsOf(summary, scenario)},
		// What was expected of it says nothing here.
		...(reason && {message: reason.message.replace(/^(?:known failure|surprise)\b[^(]*\([^)]*\)[^:]*: /, '')}),
		...(summary.state === 'interrupted' && {interrupted: true}),
	};
}

function countsOf({cells: [cell]}: RunSummary, scenario: PlannedScenario): Tally {
	const repetitions = cell?.cases.find(({id}) => id === scenarioId(scenario))?.repetitions;
	const {passed = 0, failed = 0, known = 0, broken = 0, skipped = 0} = repetitions ?? {};
	return {passed, failed: failed + known, undecided: broken + skipped, skipped};
}

function tallyOf(results: readonly Pick<Result, 'verdict'>[]): Tally {
	const count = (verdict: Result['verdict']) => results.filter(each => each.verdict === verdict).length;
	const skipped = count('skipped');
	return {passed: count('passed'), failed: count('failed'), undecided: count('broken') + skipped, skipped};
}

/** Returns the results that a run wrote before it was killed. Those that lack are no results. */
function resultsIn(folder: string): Result[] {
	try {
		const events: Event[] = [...eachEvent(path.resolve(folder), [])];
		return events.flatMap(each => (each.event === 'result' ? [each.result] : []));
	} catch {
		// The folder was removed.
		return [];
	}
}

/** Returns the only scenario. Throws UsageError if there are more: each has its own place where it changes. */
export function onlyScenario(scenarios: readonly PlannedScenario[]): PlannedScenario {
	const [first, ...others] = scenarios;
	if (!first || others.length > 0) {
		throw new UsageError(
			`${scenarios.length} scenarios are chosen; one is bisected.\n${scenarios.map(({file, line, title}) => `  ${file}:${line}  ${title}`).join('\n')}`,
			{
				remedy: 'Name it by its line, scenarios/dns.ts:12, or by --filter.',
			},
		);
	}

	return first;
}
