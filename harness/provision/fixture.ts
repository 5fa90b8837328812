/** Makes one fixture of a scenario file for a snapshot, in a separate process, as scenarios are run. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {HarnessError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {CellHandle} from '../model/index.ts';
import {modulePath} from '../package.ts';
import {relativeImports} from '../relative-imports.ts';
import {sha256File} from '../store/manifest.ts';
import {workspace, workspaceVariable} from '../workspace.ts';
import {cellFilePath, writeCellFile} from './cell-file.ts';

/** Increase it when services, networks or clients are made in another way: fixtures saved before are then not used. */
const format = 1;

/** Seconds. The waits of a fixture have their own limits, without the delays of a busy host. This one only ends what hangs. */
const limitSeconds = 4 * limits.scenario;

/** Makes the fixture on the machines of a cell and writes its description to `fixtureFile`. Throws HarnessError. */
export async function makeFixture(
	{name, file, fixtureFile}: {name: string; file: string; fixtureFile: string},
	cell: CellHandle,
	signal: AbortSignal,
): Promise<void> {
	fs.mkdirSync(cell.folder, {recursive: true});
	writeCellFile(cell);
	const script = modulePath(path.join(import.meta.dirname, '..', 'scenario'), 'fixture-process');
	const {failed, all, timedOut} = await execa(
		process.execPath,
		[
			`--import=${modulePath(path.join(import.meta.dirname, '..', 'config'), 'self-import-process')}`,
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
		const why = timedOut ? `it was not ready after ${limitSeconds} s` : (all?.trim() ?? '');
		throw new HarnessError(`“${name}” (${file}) could not be made: ${why}`);
	}
}

/**
 * Returns what decides the content of a fixture: the version of how we make one (`format`), and the checksums of its
 * file and of all files that this imports, by path relative to the folder of the file.
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
