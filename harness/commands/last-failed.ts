/** `--last-failed`: the scenarios that were red in the last run, and the cells on which they were. */
import {UsageError} from '../errors.ts';
import {type Cell, type PlannedScenario, scenarioId} from '../model/index.ts';
import type {RunSummary} from '../record/summary/summary.ts';

/** What was red in a run. */
export interface RedOfRun {
	/** The id of the run. */
	run: string;
	/** Ids of cells, with those of the scenarios that were red there (scenarioId). */
	cells: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads what was red in the last run. Throws UsageError if there is no run, or if nothing was. */
export async function readLastFailed(): Promise<RedOfRun> {
	const {findRun} = await import('../record/find.ts');
	const {readRecord} = await import('../record/record.ts');
	const {summarise} = await import('../record/summary/summarise.ts');
	const {provisionId} = await import('../record/summary/provision.ts');
	const {notProvisioned} = await import('../record/summary/missing.ts');
	return redOf(summarise(readRecord(findRun('latest')).events), {provisionId, notProvisioned});
}

/**
 * Returns what was red. On a cell that did not come up, it is what was not proven for that reason. Pure.
 * @throws UsageError if nothing was
 */
export function redOf(
	{run, cells}: Pick<RunSummary, 'run' | 'cells'>,
	{provisionId, notProvisioned}: {provisionId: string; notProvisioned: string},
): RedOfRun {
	const red = cells
		.map(({cell, cases}) => {
			const its = cases.filter(
				({id, verdict, reason}) =>
					id !== provisionId && (verdict === 'failed' || verdict === 'broken' || reason?.type === notProvisioned),
			);
			return [cell.id, new Set(its.map(scenarioId))] as const;
		})
		.filter(([, ids]) => ids.size > 0);
	if (red.length === 0) {
		throw new UsageError(`Nothing failed in the last run (${run}), and nothing was broken.`, {
			remedy: 'Leave --last-failed out.',
		});
	}

	return {run, cells: new Map(red)};
}

/** Returns the scenarios that were red on any cell. Throws UsageError if none of them is among these. Pure. */
export function scenariosOf(scenarios: readonly PlannedScenario[], {run, cells}: RedOfRun): PlannedScenario[] {
	const red = new Set([...cells.values()].flatMap(ids => [...ids]));
	const chosen = scenarios.filter(each => red.has(scenarioId(each)));
	if (chosen.length === 0) {
		throw new UsageError(`None of the scenarios that failed in the last run (${run}) is among these.`, {
			remedy: 'Name their files, or leave --last-failed out.',
		});
	}

	return chosen;
}

/** Returns the cells on which something was red. Throws UsageError if none of them is among these. Pure. */
export function cellsOf(planned: readonly Cell[], {run, cells}: RedOfRun): Cell[] {
	const chosen = planned.filter(({id}) => cells.has(id));
	if (chosen.length === 0) {
		throw new UsageError(
			`None of the cells on which something failed in the last run (${run}) is planned: ${[...cells.keys()].join(', ')}.`,
			{remedy: 'Give the kernels and engines of that run, or leave --last-failed out.'},
		);
	}

	return chosen;
}
