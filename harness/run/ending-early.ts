/** Ends a run before everything is proven, as the user asked for: after so many failures, or repetitions after the first. */
import type {Cell, KnownFailure, PlannedScenario} from '../model/index.ts';
import type {NewEvent} from '../record/record.ts';
import {isRed} from '../record/summary/red.ts';

export interface EndingEarly {
	/** Ends the run after so many failures. The cell that it stopped is broken. Absent: never. */
	maxFailures?: number;
	/** Repeats until something fails anywhere in the run: then repetitions that go on come to their end, and no more begin. */
	untilFailure?: boolean;
}

/** The reason for which a run was ended, as the user asked for. */
export class EndedEarly extends Error {}

export interface FailureCount {
	/** Takes each event of the run. */
	see(event: NewEvent): void;
	/** Whether no further repetition is to begin. */
	enough(): boolean;
}

/** Counts the failures of a run. @param end is called once, when there are as many as allowed. */
export function countFailures(
	{maxFailures, untilFailure = false}: EndingEarly,
	run: {cells: readonly Cell[]; scenarios: readonly PlannedScenario[]; knownFailures?: readonly KnownFailure[]},
	end: (why: string) => void,
	day = new Date().toISOString().slice(0, 10),
): FailureCount {
	let count = 0;
	return {
		see(event) {
			if (event.event === 'result' && isRed(event.result, run, day)) {
				count++;
				if (count === maxFailures) {
					end(`The run ended after ${count === 1 ? 'a failure' : `${count} failures`} (--max-failures)`);
				}
			}
		},
		enough: () => untilFailure && count > 0,
	};
}
