/** An arrangement of a scenario file made by itself, so that it can be frozen: in a process of its own, as scenarios are. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {HarnessError} from '../errors.ts';
import {sha256File} from '../images/manifest.ts';
import {limits} from '../limits.ts';
import type {CellFile} from '../model.ts';
import {project} from '../paths.ts';
import {writeCellFile} from './cell-file.ts';

/** The rooms that an arrangement is made with: another text may make another arrangement. */
const rooms = ['scenario', 'swarm', 'machine'];

/** Seconds. What it waits for has limits of its own, which leave out what a busy host costs; this one only ends what hangs. */
const patience = 4 * limits.scenario;

/** Makes it on the machines of a cell file; what stands is then described in the file `standing`. Throws HarnessError. */
export async function arrange(
	{name, file}: {name: string; file: string},
	cell: CellFile,
	signal: AbortSignal,
): Promise<void> {
	fs.mkdirSync(cell.folder, {recursive: true});
	writeCellFile(cell);
	const script = path.join(project, 'harness', 'scenario', 'arrange-process.ts');
	const {failed, all, timedOut} = await execa(
		process.execPath,
		[
			`--import=${path.join(project, 'harness', 'config', 'own-name-process.ts')}`,
			script,
			path.join(cell.folder, 'cell.json'),
			path.resolve(project, file),
			name,
		],
		{
			cwd: project,
			env: {SWARMLAB_ARRANGE: name},
			all: true,
			reject: false,
			stdin: 'ignore',
			timeout: patience * 1000,
			cancelSignal: signal,
		},
	);
	if (failed) {
		signal.throwIfAborted();
		const why = timedOut ? `it did not stand after ${patience} s` : (all?.trim() ?? '');
		throw new HarnessError(`“${name}” (${file}) could not be arranged: ${why}`);
	}
}

/** Checksums of what decides how an arrangement comes out: its own file and those beside it, and our rooms. */
export async function arrangementSources(file: string): Promise<Record<string, string>> {
	const beside = path.dirname(path.resolve(project, file));
	const folders = [beside, ...rooms.map(room => path.join(project, 'harness', room))];
	const files = folders.flatMap(folder =>
		fs
			.readdirSync(folder)
			.filter(each => each.endsWith('.ts') && !each.endsWith('.test.ts'))
			.map(each => path.join(folder, each)),
	);
	// Beside it only what it may import: other scenarios come and go without touching it.
	const relevant = files.filter(each => path.dirname(each) !== beside || !holdsScenarios(each));
	return Object.fromEntries(
		await Promise.all(relevant.map(async each => [path.relative(project, each), await sha256File(each)] as const)),
	);
}

function holdsScenarios(file: string): boolean {
	return /^scenario\(/m.test(fs.readFileSync(file, 'utf8')) && !/\barrangement\(/.test(fs.readFileSync(file, 'utf8'));
}
