/** The lines that a scenario file, and the process that loads it, print about what they announce. Pure. */
import path from 'node:path';
import type {PlannedScenario, Reason} from '../model/index.ts';
import type {OldName} from '../old-names.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';

/** What is printed, one JSON object per line. `scenario()` prints only the title, its file and line. */
export type Announcement =
	| {type: 'loading'; file: string}
	| {type: 'scenario'; scenario: PlannedScenario}
	| {type: 'problem'; problem: {file: string; line?: number; reason: Reason}}
	| {type: 'old-name'; oldName: OldName}
	| {type: 'done'};

/** Parses a line of the process; undefined for other text that a scenario file prints while it loads. */
export function parseAnnouncement(line: string, loading: string | undefined): Announcement | undefined {
	const value = parse(line);
	if (typeof value !== 'object' || value === null) {
		return undefined;
	}

	if ('title' in value && typeof value.title === 'string') {
		const {file, ...announced} = value as Omit<PlannedScenario, 'file'> & {file?: string};
		return {type: 'scenario', scenario: {...announced, file: relative(file ?? loading ?? '')}};
	}

	return 'type' in value ? (value as Announcement) : undefined;
}

function parse(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

/**
 * Returns the path as results have it. `scenario()` may have its file as a URL, as an absolute path, or relative to the
 * workspace.
 */
function relative(file: string): string {
	const plain = file.startsWith('file://') ? new URL(file).pathname : file;
	return path.isAbsolute(plain) ? displayPath(workspace, decodeURIComponent(plain)) : plain;
}
