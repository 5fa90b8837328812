/** The verdict of a result while the run is under way. Pure. */
import {predict, relate} from '../harness/expect/relation.ts';
import {type Event, type Result, scenarioId} from '../harness/model/index.ts';
import type {CaseVerdict} from '../harness/record/summary/summary.ts';

/** Returns the verdict; `known` if it failed as expected. @param started the first event of the run */
export function shownVerdict(result: Result, started: Event | undefined): CaseVerdict {
	if (result.verdict !== 'failed' || started?.event !== 'run-started') {
		return result.verdict;
	}

	const scenario = started.scenarios.find(each => scenarioId(each) === scenarioId(result));
	const cell = started.cells.find(({id}) => id === result.cell);
	const prediction = scenario && cell && predict(scenario, cell, started.knownFailures);
	const relation = prediction && relate(result.verdict, prediction, started.at.slice(0, 10));
	return relation === 'known failure' ? 'known' : result.verdict;
}
