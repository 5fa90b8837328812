/** Which claims are looked at on which cell. Pure. */
import {type Cell, type PlannedScenario, stackOf} from './model/index.ts';

/** A claim about a stack on a stack (of its exercises those that the stack has), any other on a swarm. */
export function applies({stack}: Pick<PlannedScenario, 'stack'>, cell: Pick<Cell, 'subject'>): boolean {
	const there = stackOf(cell);
	if (!stack || !there) {
		return !stack && !there;
	}

	return stack.exercise === undefined || there.exercises.includes(stack.exercise);
}
