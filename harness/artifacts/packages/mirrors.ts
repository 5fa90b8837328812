/**
 * Finds the mirrors that do not answer, by requesting one small file from each before apt is called. apt itself tries a dead
 * mirror for every suite, one after the other, and waits twice its timeout for each.
 */
import {randomUUID} from 'node:crypto';
import {access, rm} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../../limits.ts';
import type {AptRoot} from './apt.ts';
import {runTool} from './host-tool.ts';
import type {PackageSettings} from './settings.ts';

/** A mirror that does not answer. */
export interface SilentMirror {
	uri: string;
	/** Text of apt, or our own if apt has none. */
	reason: string;
}

const helper = '/usr/lib/apt/apt-helper';

/** Returns the mirrors of the settings, repositories included: a row for each URI, with its suites. */
export function mirrorsOf(settings: PackageSettings): {uri: string; suites: string[]}[] {
	const asked = [...settings.suites.map(suite => ({uri: mirrorFor(settings, suite), suite})), ...settings.repositories];
	return [...Map.groupBy(asked, ({uri}) => uri)].map(([uri, rows]) => ({uri, suites: rows.map(({suite}) => suite)}));
}

/** Returns the mirror of a suite of the distribution. */
export function mirrorFor({mirror, securityMirror}: PackageSettings, suite: string): string {
	return suite.endsWith('-security') ? securityMirror : mirror;
}

/** Returns the mirrors that do not answer, each with the reason. Asks all mirrors at the same time. */
export async function silentMirrors(root: AptRoot): Promise<SilentMirror[]> {
	const asked = await Promise.all(
		mirrorsOf(root.settings).map(async ({uri, suites}) => ({uri, reason: await silenceOf(root, uri, suites[0]!)})),
	);
	return asked.flatMap(({uri, reason}) => (reason === undefined ? [] : [{uri, reason}]));
}

/** Returns a mirror's URI for messages: without user name and password. */
export function withoutPassword(uri: string): string {
	return uri.replace(/\/\/[^/@]*@/, '//');
}

/** Returns the host of a mirror, or the folder of a mirror on this disk. */
export function hostOf(uri: string): string {
	return folderOf(uri) ?? (URL.canParse(uri) ? new URL(uri).host : withoutPassword(uri));
}

/** Returns why a mirror does not answer; undefined if it does. A reply that the file is missing (404, 410) is an answer. */
async function silenceOf(root: AptRoot, uri: string, suite: string): Promise<string | undefined> {
	// The suite of a flat repository is a folder.
	const place = suite.endsWith('/') ? suite : `dists/${suite}/`;
	const folder = folderOf(uri);
	if (folder !== undefined) {
		const needed = suite.endsWith('/') ? folder : path.join(folder, 'dists');
		const isThere = await access(needed).then(
			() => true,
			() => false,
		);
		return isThere ? undefined : `there is no folder ${needed}`;
	}

	return fetchOnce(root, `${uri.replace(/\/$/, '')}/${place}InRelease`);
}

async function fetchOnce(root: AptRoot, file: string): Promise<string | undefined> {
	const target = path.join(root.folder, `answer-${randomUUID()}`);
	const seconds = limits.mirrorAnswer;
	try {
		const {failed, timedOut, stderr, stdout} = await runTool(
			helper,
			['-q', '-o', 'Acquire::Retries=0', 'download-file', file, target],
			{env: {APT_CONFIG: root.config, LC_ALL: 'C'}, timeoutMs: seconds * 1000},
		);
		const said = String(stderr);
		if (timedOut) {
			return `no answer in ${seconds} s`;
		}

		return !failed || /\b(404|410)\b\s+/.test(said)
			? undefined
			: reasonIn(said, String(stdout), file).replace(/\.+$/, '');
	} finally {
		await rm(target, {force: true});
	}
}

/** `E: Failed to fetch URL  Could not resolve 'x'` -> `Could not resolve 'x'`. */
function reasonIn(stderr: string, stdout: string, file: string): string {
	const lines = stderr.split('\n').map(line => line.replace(/^[EW]: /, '').trim());
	const failed = lines.map(line => /^Failed to fetch \S+\s+(.+)$/.exec(line)?.[1]).find(Boolean);
	const other = lines.find(line => line !== '' && !line.startsWith('Failed to fetch') && line !== 'Download Failed');
	return (
		failed ?? other ?? (stdout.trim().split('\n').at(-1)?.trim() || `${withoutPassword(file)} could not be fetched`)
	);
}

function folderOf(uri: string): string | undefined {
	return uri.startsWith('file:') ? decodeURIComponent(uri.replace(/^file:(\/\/)?/, '')) : undefined;
}
