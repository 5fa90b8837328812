/** Which claims are looked at on which cell. Pure. */
import type {Cell, PlannedScenario} from './model/index.ts';

/** A claim about a stack on a stack (of its exercises those that the stack has), any other on a swarm. */
export function applies({stack}: Pick<PlannedScenario, 'stack'>, cell: Pick<Cell, 'stack'>): boolean {
	if (!stack || !cell.stack) {
		return !stack && !cell.stack;
	}

	return stack.exercise === undefined || cell.stack.exercises.includes(stack.exercise);
}
