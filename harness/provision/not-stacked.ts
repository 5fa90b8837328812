import type {StackOutcome} from '../devstack/index.ts';

/** stack.sh did not complete. This is not an error of the lab, unless its cause says so. */
export class NotStacked extends Error {
	readonly outcome: StackOutcome;
	constructor(outcome: StackOutcome) {
		super(outcome.failure?.message ?? 'stack.sh did not complete');
		this.name = 'NotStacked';
		this.outcome = outcome;
	}
}
