/** `swarmlab report`: yesterday's run, its reports made again. */
import {Command} from 'commander';
import {type Written, writeReports} from '../../reports/write.ts';
import {findRun} from '../record/find.ts';
import {readRecord} from '../record/record.ts';

/** The command. Throws UsageError for a run that is not there, HarnessError where the reports cannot be written. */
export function reportCommand(): Command {
	return new Command('report')
		.description('make the reports of a run again from its record')
		.argument('[run]', 'folder of the run, its id, the beginning of its id, or latest', 'latest')
		.option('--json', 'print the summary as JSON')
		.addHelpText(
			'after',
			`
Examples:
  swarmlab report                       the last run
  swarmlab report 2026-11-22T22-40      the run that began then
  swarmlab report ./downloaded-run      a folder from a CI: only its run.jsonl is needed`,
		)
		.action((run: string, {json}: {json?: boolean}) => {
			const {summary, files} = report(run);
			console.log(json ? JSON.stringify(summary, undefined, '\t') : files.join('\n'));
		});
}

/** Writes every report of a run anew from its record. Throws UsageError, HarnessError. */
export function report(run: string): Written {
	const folder = findRun(run);
	const {events, problems} = readRecord(folder);
	return writeReports(folder, events, {problems});
}
