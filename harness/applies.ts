/** Decides which scenarios are proven on which cell. Pure. */
import {type Cell, type PlannedScenario, stackOf} from './model/index.ts';

/**
 * Returns whether a scenario is proven on a cell: one about a stack on a stack (one about an exercise only if the stack has
 * it), any other on a swarm.
 */
export function applies({stack}: Pick<PlannedScenario, 'stack'>, cell: Pick<Cell, 'subject'>): boolean {
	const there = stackOf(cell);
	if (!stack || !there) {
		return !stack && !there;
	}

	return stack.exercise === undefined || there.exercises.includes(stack.exercise);
}
