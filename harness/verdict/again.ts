/** Which failures of a cell are proven again before they are called new. Pure. */
import type {PastRun} from '../history/past-run.ts';
import {pastRun} from '../history/past-run.ts';
import {type Cell, type Event, type PlannedScenario, scenarioId} from '../model/index.ts';
import {judge} from './judge.ts';

/** Where more fail at once, one cause is likely, and each of them on machines of its own would take hours. */
const mostAgain = 12;

/** Returns the scenarios of a cell whose failure is new, at most `mostAgain`. Those about a stack are not proven again. */
export function newlyFailing(cell: Cell, events: readonly Event[], baseline: PastRun | undefined): PlannedScenario[] {
	const started = events.find(each => each.event === 'run-started');
	const scenarios = started?.scenarios ?? [];
	const own = pastRun(
		events.filter(each => each.event === 'run-started' || (each.event === 'result' && each.result.cell === cell.id)),
	);
	const {changes} = judge(own, baseline, {asked: '', failOn: []});
	const fresh = new Set(
		changes.filter(each => each.change === 'new' && each.cell === cell.id && (each.failed ?? 0) > 0).map(scenarioId),
	);
	return scenarios.filter(each => !each.stack && fresh.has(scenarioId(each))).slice(0, mostAgain);
}
