/** `swarmlab diagnose`: names the causes that the evidence of a run shows, by the table of this version. */
import fs from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {Diagnosis} from '../model/index.ts';
import * as paths from '../paths.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab diagnose                       the last run, by the table of this version
  swarmlab diagnose 2026-11-22T22-40      the run that began then
  swarmlab diagnose ./evidence/CLAIM      one folder of evidence, with its index.json
  swarmlab diagnose --now                 the cell that is up: takes evidence of it, and prints where it is kept

Exit code: 0, whatever was named; 2 an evidence could not be read; 64 wrong usage.`;

export const registerDiagnose: Register = (program, finish) => {
	program
		.command('diagnose')
		.summary('name the causes that the evidence of a run shows')
		.description(
			'Names the causes that the evidence of a run shows, with the lines that show them. It reads the evidence alone, so an old run can be diagnosed again.',
		)
		.argument('[run]', 'a run as for `report`, or a folder of evidence', 'latest')
		.option('--now', 'take evidence of the cell that is up, and diagnose it')
		.option('--cell <text>', 'of --now: the cell or run that this means (default: the newest that is up)')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (run: string, {now, cell, json}: {now?: boolean; cell?: string; json?: boolean}) => {
			if (cell !== undefined && !now) {
				throw new UsageError('--cell belongs to --now', {remedy: 'swarmlab diagnose --now --cell TEXT'});
			}

			const folders = now ? [await takeNow(cell)] : await foldersOf(run);
			const {diagnose} = await import('../diagnosis/diagnose.ts');
			const {readEvidence} = await import('../evidence/folder.ts');
			const {diagnosisLines} = await import('../../reports/diagnosis.ts');
			const all: {folder: string; diagnosis: Diagnosis}[] = [];
			for (const folder of folders) {
				try {
					all.push({folder, diagnosis: diagnose(readEvidence(folder))});
				} catch (error) {
					print((error as Error).message);
					finish(2);
				}
			}

			if (json) {
				printJson('diagnose', all);
			} else {
				printAnswer(
					all.map(({folder, diagnosis}) => [`# ${folder}`, ...diagnosisLines(diagnosis)].join('\n')).join('\n\n'),
				);
			}
		});
};

/** Returns the folders of evidence of a run, or the folder itself. Throws UsageError if there is none. */
async function foldersOf(run: string): Promise<string[]> {
	const isEvidence = (folder: string) => fs.existsSync(path.join(folder, 'index.json'));
	if (isEvidence(run)) {
		return [path.resolve(run)];
	}

	const evidenceIn = (folder: string, below: string) =>
		fs
			.globSync(`${below}/index.json`, {cwd: folder})
			.map(file => path.join(folder, path.dirname(file)))
			.sort();
	// What --now has taken: a folder of each cell.
	const taken = fs.statSync(run, {throwIfNoEntry: false})?.isDirectory() ? evidenceIn(path.resolve(run), '*') : [];
	if (taken.length > 0) {
		return taken;
	}

	const {findRun} = await import('../record/find.ts');
	const folder = findRun(run);
	const found = evidenceIn(folder, 'cells/**/evidence/*');
	if (found.length === 0) {
		throw new UsageError(`${folder} has no evidence that can be diagnosed.`, {
			remedy:
				'Evidence is taken when a scenario about a swarm does not pass; earlier versions wrote no index.json. For a cell that is up: swarmlab diagnose --now',
		});
	}

	return found;
}

async function takeNow(cell: string | undefined): Promise<string> {
	const {findUp} = await import('../run/by-hand.ts');
	const {matches} = await import('../match.ts');
	const {connect} = await import('../machine/connect.ts');
	const {takeEvidence} = await import('../evidence/evidence.ts');
	const {handle} = findUp(cell, matches);
	const machines = await Promise.all(handle.machines.map(async each => connect(each).catch(() => undefined)));
	const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
	// Not in the cell's folder: what is up by hand takes its folder with it when it goes down.
	const folder = path.join(paths.runs, `diagnosed-${time}`, handle.cell.id);
	print(`takes evidence of ${handle.machines.map(({name}) => name).join(', ')}`);
	await takeEvidence(
		machines.filter(each => each !== undefined),
		handle,
		{folder, reason: 'swarmlab diagnose --now'},
	);
	print(`the evidence is in ${folder}`);
	return folder;
}
