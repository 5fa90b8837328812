/** Makes one fixture of a scenario file, for a snapshot: in a process of its own, as scenarios are run. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {HarnessError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {CellHandle} from '../model/index.ts';
import {relativeImports} from '../relative-imports.ts';
import {sha256File} from '../store/manifest.ts';
import {workspace, workspaceVariable} from '../workspace.ts';
import {cellFilePath, writeCellFile} from './cell-file.ts';

/** Raised when services, networks or clients are made in another way, so that fixtures saved before are of no use. */
const format = 1;

/** Seconds. What it waits for has limits of its own, which leave out what a busy host costs; this one only ends what hangs. */
const limitSeconds = 4 * limits.scenario;

/** Makes it on the machines of a cell, and describes it in the file `fixtureFile`. Throws HarnessError. */
export async function makeFixture(
	{name, file, fixtureFile}: {name: string; file: string; fixtureFile: string},
	cell: CellHandle,
	signal: AbortSignal,
): Promise<void> {
	fs.mkdirSync(cell.folder, {recursive: true});
	writeCellFile(cell);
	const script = path.join(import.meta.dirname, '..', 'scenario', 'fixture-process.ts');
	const {failed, all, timedOut} = await execa(
		process.execPath,
		[
			`--import=${path.join(import.meta.dirname, '..', 'config', 'self-import-process.ts')}`,
			script,
			cellFilePath(cell.folder),
			path.resolve(workspace, file),
			name,
			fixtureFile,
		],
		{
			cwd: workspace,
			env: {SWARMLAB_FIXTURE: name, [workspaceVariable]: workspace},
			all: true,
			reject: false,
			stdin: 'ignore',
			timeout: limitSeconds * 1000,
			cancelSignal: signal,
		},
	);
	if (failed) {
		signal.throwIfAborted();
		const why = timedOut ? `it did not stand after ${limitSeconds} s` : (all?.trim() ?? '');
		throw new HarnessError(`“${name}” (${file}) could not be made: ${why}`);
	}
}

/**
 * What decides how a fixture comes out: how we make one, and the checksums of its file and of what that imports, by
 * their paths from it.
 */
export async function fixtureRecipe(file: string): Promise<{format: number; files: Record<string, string>}> {
	const files = [...withImports(file)].filter(each => fs.statSync(each, {throwIfNoEntry: false})?.isFile()).sort();
	const sums = await Promise.all(
		files.map(async each => [path.relative(path.dirname(file), each), await sha256File(each)] as const),
	);
	return {format, files: Object.fromEntries(sums)};
}

function withImports(file: string, seen = new Set<string>()): Set<string> {
	if (!seen.has(file)) {
		seen.add(file);
		for (const each of relativeImports(file)) {
			withImports(each, seen);
		}
	}

	return seen;
}
