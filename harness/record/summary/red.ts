/** Whether a single result makes a run red, while the run goes on. Pure. */
import {predict} from '../../expect/relation.ts';
import {type Cell, type KnownFailure, type PlannedScenario, type Result, scenarioId} from '../../model/index.ts';
import {related} from './expected.ts';

/**
 * Returns whether a result counts as a failure: it failed or is broken, and no report or config says that it does. A pass that
 * should fail counts, too.
 * @param day of the run (`2026-11-27`, UTC)
 */
export function isRed(
	result: Pick<Result, 'cell' | 'file' | 'title' | 'verdict' | 'reason'>,
	run: {cells: readonly Cell[]; scenarios: readonly PlannedScenario[]; knownFailures?: readonly KnownFailure[]},
	day: string,
): boolean {
	const cell = run.cells.find(({id}) => id === result.cell);
	const scenario = run.scenarios.find(each => scenarioId(each) === scenarioId(result));
	const prediction = cell && scenario && predict(scenario, cell, run.knownFailures ?? []);
	const {verdict, reason} = result;
	const judged = related({verdict, ...(reason && {reason})}, prediction && {prediction, day});
	return judged.verdict === 'failed' || judged.verdict === 'broken';
}
