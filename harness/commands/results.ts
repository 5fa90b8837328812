/** Where the results of a run go beside its folder: `--output` and `--reporter`. */
import fs from 'node:fs';
import path from 'node:path';
import {type Command, Option} from 'commander';
import {HostError, UsageError} from '../errors.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import {print} from './command.ts';

export interface ResultFlags {
	output?: string;
	reporter?: 'github';
}

export function addResultOptions(command: Command): Command {
	return command
		.option('--output <folder>', 'copy the run there at its end: reports, record, consoles, evidence')
		.addOption(
			new Option('--reporter <name>', 'for a CI: github prints annotations, and adds to the step summary').choices([
				'github',
			]),
		);
}

/** Throws UsageError if the folder has files of others: a run is not mixed with them. */
export function requireOutput({output}: ResultFlags): void {
	if (output !== undefined && output.trim() === '') {
		throw new UsageError("--output: '' is no folder.", {
			remedy: 'An empty variable of a shell, perhaps? Leave it out.',
		});
	}

	const entry = output === undefined ? undefined : fs.statSync(output, {throwIfNoEntry: false});
	if (entry && (!entry.isDirectory() || (fs.readdirSync(output!).length > 0 && !isRun(output!)))) {
		throw new UsageError(`--output: ${output} is there, and no run: it is not written over.`, {
			remedy: 'Name a folder that is empty, or is not there yet.',
		});
	}
}

const isRun = (folder: string) => fs.existsSync(path.join(folder, 'run.jsonl'));

/** Gives the results on. Throws HostError if they cannot be written. */
export async function giveOn(flags: ResultFlags, folder: string, summary: RunSummary): Promise<void> {
	if (flags.output !== undefined) {
		try {
			// What another run left there is not of this one.
			fs.rmSync(flags.output, {recursive: true, force: true});
			copyRun(folder, flags.output);
		} catch (error) {
			throw new HostError(`--output: ${flags.output} cannot be written: ${(error as Error).message}.`, {
				remedy: `Name another folder. The run is in ${folder}.`,
				cause: error,
			});
		}
	}

	if (flags.reporter === 'github') {
		const {addStepSummary, annotations} = await import('../../reports/github.ts');
		for (const line of annotations(summary)) {
			print(line);
		}

		addStepSummary(path.join(folder, 'summary.md'));
	}
}

/** Copies a run or a part of it. A socket cannot be copied. */
export function copyRun(from: string, to: string): void {
	if (fs.existsSync(from)) {
		fs.cpSync(from, to, {
			recursive: true,
			mode: fs.constants.COPYFILE_FICLONE,
			verbatimSymlinks: true,
			filter: file => {
				const entry = fs.lstatSync(file);
				return entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
			},
		});
	}
}
