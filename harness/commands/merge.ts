/** `swarmlab merge`: joins the runs of a plan's shards to one run, with reports as from one machine. */
import fs from 'node:fs';
import path from 'node:path';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addResultOptions, copyRun, giveOn, type ResultFlags, requireOutput} from './results.ts';

const examples = `
Examples:
  swarmlab merge shards/*                           the folders of all shards, as a CI collected them
  swarmlab merge 2026-11-27T02-17 ./from-runner-2   runs of this folder, by the beginning of their id, and others

Exit code: that of a run which did all of it: 0, 1 or 2. What no shard ran is broken: 2.`;

export const registerMerge: Register = (program, finish) => {
	const command = program
		.command('merge')
		.summary('join the runs of several machines to one')
		.description(
			'Joins the runs of the shards of one plan (swarmlab run --plan FILE --shard 1/2): writes a new run with their record, their evidence and the reports. What no shard ran is broken.',
		)
		.argument('<runs...>', 'folders of runs, or the beginnings of their ids');
	addResultOptions(command)
		.option('--json', 'print the summary as JSON')
		.addHelpText('after', examples)
		.action(async (names: string[], {json, ...flags}: ResultFlags & {json?: boolean}) => {
			requireOutput(flags);
			const {findRun} = await import('../record/find.ts');
			const {readRecord, recordFile} = await import('../record/record.ts');
			const {mergeRecords} = await import('../record/merge.ts');
			const {newRunId} = await import('../run/run-id.ts');
			const shards = names.map(name => {
				const folder = findRun(name);
				const {events, problems} = readRecord(folder);
				for (const problem of problems) {
					print(`warning: ${name}: ${problem}`);
				}

				return {name, folder, events};
			});
			const id = newRunId();
			const {events, missing} = mergeRecords(shards, id, ['swarmlab', ...process.argv.slice(2)]);
			for (const number of missing) {
				print(`warning: the shard ${number} is missing: what it was to run is broken`);
			}

			const {runs} = await import('../paths.ts');
			const folder = path.join(runs, id);
			fs.mkdirSync(folder, {recursive: true});
			for (const shard of shards) {
				// Consoles and evidence, which results name from the folder of their run.
				copyRun(path.join(shard.folder, 'cells'), path.join(folder, 'cells'));
			}

			const {writeAtomically} = await import('../write-atomically.ts');
			writeAtomically(recordFile(folder), events.map(event => `${JSON.stringify(event)}\n`).join(''));
			const {pointLatestTo} = await import('../run/latest.ts');
			pointLatestTo(id, runs);
			const {writeReports} = await import('../../reports/write.ts');
			const {exitCode} = await import('../record/summary/exit-code.ts');
			const {verdictLine} = await import('../../reports/ending.ts');
			const {summary, files, advice} = writeReports(folder, events);
			for (const each of [...summary.problems, ...advice]) {
				print(`warning: ${each}`);
			}

			print(verdictLine(summary));
			if (json) {
				printJson('summary', summary);
			} else {
				printAnswer(files.join('\n'));
			}

			await giveOn(flags, folder, summary);
			finish(exitCode(summary));
		});
};
