/** Finds the line of a scenario file from which a function was called. */
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {packageRoot} from '../package.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';

const room = path.join(packageRoot, 'harness');

/** Returns file (as in PlannedScenario) and line of the nearest caller outside of the harness, or in a fixture of its tests. */
export function callSite(stack = new Error().stack ?? ''): {file: string; line?: number} {
	for (const line of stack.split('\n').slice(1)) {
		// A path may have blanks and brackets in it: it begins at the first slash after a blank or a bracket.
		const found = /[\s(]((?:file:\/\/)?\/.+):(\d+):\d+\)?$/.exec(line);
		const file = found?.[1]?.startsWith('file:') ? fileURLToPath(found[1]) : found?.[1];
		if (file && !isOurs(file)) {
			return {file: displayPath(workspace, file), line: Number(found?.[2])};
		}
	}

	return {file: 'unknown'};
}

function isOurs(file: string): boolean {
	return file.includes('/node_modules/') || (file.startsWith(`${room}/`) && !file.includes('/fixtures/'));
}
