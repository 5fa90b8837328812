/** Makes the reports of an earlier run again. */
import type {Event} from '../harness/model/index.ts';
import {findRun} from '../harness/record/find.ts';
import {eachEvent} from '../harness/record/record.ts';
import {type WrittenReports, writeReports} from './write.ts';

export interface RewrittenReports extends WrittenReports {
	/** Nothing in the record could be read, so the reports are empty. */
	nothingRead: boolean;
}

/**
 * Writes every report of a run anew from its record. `more` adds to its events what this record does not have. Throws UsageError,
 * HarnessError.
 */
export function rewriteReports(
	run: string,
	more: (events: Iterable<Event>) => Iterable<Event> = events => events,
): RewrittenReports {
	const folder = findRun(run);
	const problems: string[] = [];
	let read = 0;
	const events = function* () {
		for (const event of eachEvent(folder, problems)) {
			read++;
			yield event;
		}

		if (read === 0) {
			problems.unshift(
				problems.length === 0
					? 'run.jsonl is empty: the run ended before it had written anything.'
					: 'run.jsonl has no line that is an event.',
			);
		}
	};

	const written = writeReports(folder, more(events()), {problems});
	return {...written, nothingRead: read === 0};
}
