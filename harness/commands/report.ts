/** `swarmlab report`: makes the reports of an earlier run again. */
import {collectCsv, print, printAnswer, type Register} from './command.ts';
import type {NightlyFlags} from './nightly.ts';

const examples = `
Examples:
  swarmlab report                       the last run
  swarmlab report 2026-11-22T22-40      the run that began then
  swarmlab report ./downloaded-run      a folder from a CI: only its run.jsonl is needed (or name that file)
  swarmlab report RUN --baseline RUN    what changed between two runs; nothing is run
  swarmlab report --compatibility       which kernels work with which engines, as Markdown

Exit code: 0 the reports were written, whatever the verdict of the run; that verdict and the exit code of the run are printed on stderr.
2 nothing of the record could be read, or a report could not be written; 64 wrong usage.`;

interface ReportFlags extends NightlyFlags {
	json?: boolean;
	compatibility?: boolean;
}

export const registerReport: Register = (program, finish) => {
	program
		.command('report')
		.summary('make the reports of a run again from its record')
		.description(
			"Makes every report of a run again from its record. Its exit code is not the run's; it prints the run's.",
		)
		.argument('[run]', 'folder of the run, its run.jsonl, its id, the beginning of its id, or latest', 'latest')
		.option('--baseline <run>', 'compare with an earlier run: last-good, a run, or the file of a record')
		.option('--fail-on <changes>', 'of --baseline: exit as the run would, with these changes as red', collectCsv)
		.option('--json', 'print the summary as JSON')
		.option('--compatibility', 'print the table of kernels and engines as Markdown')
		.addHelpText('after', examples)
		.action(async (run: string, {json, compatibility, baseline, failOn}: ReportFlags) => {
			const {failOnOf, withVerdict} = await import('./nightly.ts');
			failOnOf({baseline, failOn});
			// Objects that are made from a large record are short-lived. But those that outlive two collections let V8 double the
			// room for young objects: a third more memory at the peak, for a tenth less time.
			(await import('node:v8')).setFlagsFromString('--semi-space-growth-factor=1');
			const {rewriteReports} = await import('../../reports/again.ts');
			const {summary, files, advice, nothingRead} = rewriteReports(
				run,
				baseline === undefined ? undefined : events => withVerdict(events, {baseline, failOn}),
			);
			for (const each of [...summary.problems, ...advice]) {
				print(`warning: ${each}`);
			}

			if (nothingRead) {
				print('  → Read what the run printed at its end; its reports are empty.');
				finish(2);
			} else {
				const {verdictLine} = await import('../../reports/ending.ts');
				print(verdictLine(summary));
				if (failOn) {
					const {exitCode} = await import('../record/summary/exit-code.ts');
					finish(exitCode(summary));
				}
			}

			if (json) {
				const {jsonPieces} = await import('../../reports/json.ts');
				for (const piece of jsonPieces(summary)) {
					process.stdout.write(piece);
				}

				printAnswer('');
			} else if (compatibility) {
				const {compatibilityTable} = await import('../../reports/compatibility.ts');
				printAnswer(compatibilityTable(summary).trimEnd());
			} else {
				printAnswer(files.join('\n'));
			}
		});
};
