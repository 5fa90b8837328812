/** Keeps the scenario files of a run in its folder, so that a later run can prove them as they were. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {filesWithImports} from '../relative-imports.ts';
import {displayPath, isBelow} from '../shown.ts';
import {writeAtomically} from '../write-atomically.ts';

/** Name of the folder, in the run folder. */
export const sourcesFolder = 'sources';

/**
 * Copies scenario files, and what they import by relative paths, below the run folder. Returns a checksum of each scenario file with its
 * imports, by its name as results have it. Leaves out files outside of the workspace and files that cannot be read: they are
 * proven all the same.
 */
export function keepSources(files: readonly string[], runFolder: string, workspace: string): Record<string, string> {
	const sums: Record<string, string> = {};
	for (const file of files) {
		const all = [...filesWithImports(file)].filter(each => isBelow(workspace, each)).sort();
		const sum = createHash('sha256');
		try {
			for (const each of all) {
				const name = displayPath(workspace, each);
				const content = fs.readFileSync(each, 'utf8');
				sum.update(`${name}\0${content.length}\0`).update(content);
				const to = path.join(runFolder, sourcesFolder, name);
				fs.mkdirSync(path.dirname(to), {recursive: true});
				writeAtomically(to, content);
			}
		} catch {
			continue;
		}

		if (all.includes(file)) {
			sums[displayPath(workspace, file)] = sum.digest('hex');
		}
	}

	return sums;
}
