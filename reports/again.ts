/** Yesterday's run, its reports made again. */
import {findRun} from '../harness/record/find.ts';
import {readRecord} from '../harness/record/record.ts';
import {type Written, writeReports} from './write.ts';

/** Writes every report of a run anew from its record. Throws UsageError, HarnessError. */
export function report(run: string): Written {
	const folder = findRun(run);
	const {events, problems} = readRecord(folder);
	return writeReports(folder, events, {problems});
}
