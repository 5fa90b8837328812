/** Whether another version of swarmlab is installed in the workspace than the one that runs. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {packageVersion} from '../package.ts';
import {workspace} from '../workspace.ts';

/**
 * Warns if the workspace has another version: its files are loaded with the version that runs, and an editor shows the types
 * of the other.
 */
export function warnOfAnother(print: (line: string) => void, folder = workspace, version = packageVersion()): void {
	const other = versionIn(folder);
	if (other !== undefined && other !== version) {
		print(
			`warning: swarmlab ${version} runs, and ${folder} has swarmlab ${other} installed. To run that one: npx --no swarmlab`,
		);
	}
}

/** Returns the version that Node finds from a folder; undefined if there is none. */
function versionIn(folder: string): string | undefined {
	try {
		const file = findPackageJSON('swarmlab', pathToFileURL(path.join(folder, 'x.js')));
		return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as {version?: string}).version;
	} catch {
		return undefined;
	}
}
