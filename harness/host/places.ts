/** The folders that swarmlab writes to, and whether it can. It tries to write, because permissions alone do not show that. */
import {mkdirSync, rmdirSync, rmSync, statfsSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {HostError, remedyOfWriting} from '../errors.ts';
import * as paths from '../paths.ts';

export interface Place {
	name: 'cache' | 'state' | 'runtime' | 'runs';
	folder: string;
	/** The environment variable that moves it. */
	variable: string;
	/** Content of the folder. */
	use: string;
}

export const places: readonly Place[] = [
	{name: 'cache', folder: paths.cache, variable: 'SWARMLAB_CACHE', use: 'kernels, engines, lists of packages'},
	{name: 'state', folder: paths.state, variable: 'SWARMLAB_STATE', use: 'what is up'},
	{name: 'runtime', folder: paths.runtime, variable: 'SWARMLAB_RUNTIME', use: 'sockets'},
	{name: 'runs', folder: paths.runs, variable: 'SWARMLAB_RUNS', use: 'records and reports'},
];

/** sockaddr_un's sun_path has 108 bytes, of which the last is a zero (unix(7)). */
const longestSocket = 107;

/**
 * The longest name below the runtime folder: the folder of a template for a cell by hand, and ssh's control socket with the
 * suffix that ssh adds while it makes the socket.
 */
const longestBelow = 'hand-2026-11-23T14-05-09-x7k2-template-abcdef/ssh-w20.0123456789abcdef'.length + 1;

/** Bytes. A full file system may still have room for the name of a file, but not for its content. */
const sample = 64 * 1024;

/** How often to try again when another process that does the same check makes or removes a folder meanwhile. */
const triesBesideOthers = 50;

/**
 * Returns why the folder cannot be written; undefined if it can. Removes all that it made to find out; with `keep` the
 * folder stays.
 */
export function troubleOf(place: Place, {keep = false} = {}): string | undefined {
	const {folder, name} = place;
	for (let left = triesBesideOthers; ; left--) {
		const error = tryToWrite(place, keep);
		if (error && !(left > 0 && (error.code === 'ENOENT' || error.code === 'EEXIST'))) {
			return error.message;
		}

		if (!error) {
			break;
		}
	}

	const length = Buffer.byteLength(folder) + longestBelow;
	return name === 'runtime' && length > longestSocket
		? `its path has ${Buffer.byteLength(folder)} bytes, and with more than ${longestSocket - longestBelow} no socket in it can be opened`
		: undefined;
}

/** Makes the folder if it is missing, and writes a file in it. Returns why that failed. */
function tryToWrite({folder, name}: Place, keep: boolean): NodeJS.ErrnoException | undefined {
	const made: string[] = [];
	const file = path.join(folder, `.writing-${process.pid}`);
	try {
		for (const missing of missingFolders(folder)) {
			mkdirSync(missing, {mode: name === 'runtime' ? 0o700 : 0o777});
			made.push(missing);
		}

		writeFileSync(file, Buffer.alloc(sample));
		return undefined;
	} catch (error) {
		return error as NodeJS.ErrnoException;
	} finally {
		remove(() => rmSync(file, {force: true}));
		for (const each of keep ? [] : made.reverse()) {
			remove(() => rmdirSync(each));
		}
	}
}

/**
 * Returns the folders to make, the outermost first. The caller makes them one by one, because Node's recursive mkdir never
 * returns below an existing folder in which none can be made, such as /proc.
 */
function missingFolders(folder: string): string[] {
	const missing: string[] = [];
	for (let each = folder; !isThere(each) && path.dirname(each) !== each; each = path.dirname(each)) {
		missing.unshift(each);
	}

	return missing;
}

function isThere(folder: string): boolean {
	try {
		statSync(folder);
		return true;
	} catch (error) {
		// A folder that this user may not look at counts as existing: it cannot be made anyway.
		return (error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
	}
}

function remove(what: () => void): void {
	try {
		what();
	} catch {
		// Another process uses it by now, or it was never made.
	}
}

/**
 * Makes these folders if they are missing.
 * @throws HostError with the trouble of each folder that cannot be written
 */
export function requirePlaces(names: readonly Place['name'][]): void {
	const bad = places
		.filter(({name}) => names.includes(name))
		.flatMap(place => {
			const why = troubleOf(place, {keep: true});
			return why ? [{place, why}] : [];
		});
	if (bad.length > 0) {
		throw new HostError(bad.map(({place, why}) => sentence(place, why)).join('\n'), {
			remedy: bad.map(({place, why}) => remedyOf(place, why)).join('\n    '),
		});
	}
}

function sentence({name, folder}: Place, why: string): string {
	return `The ${name} folder ${folder} cannot be written: ${why}.`;
}

/** Returns the remedy. @param why the result of troubleOf, or the message of the system's error */
export function remedyOf({folder, variable, use}: Place, why: string): string {
	const code = /^E[A-Z]+(?=:)/.exec(why)?.[0];
	if (code === undefined) {
		return `Set ${variable} to a folder with a shorter path: it is for ${use}.`;
	}

	// The folder is missing and cannot be made, as below /proc: only another folder helps.
	const first = code === 'ENOENT' ? '' : `${remedyOfWriting({code}, folder)}. `;
	return `${first}Set ${variable} to another folder: it is for ${use}.`;
}

/** Codes of the system's errors for a folder that cannot be written. */
const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EIO'];
const full = ['ENOSPC', 'EDQUOT'];

/** Converts an error about one of our folders, or about a full disk, to a HostError. Returns undefined for any other. */
export function asPlaceError(error: unknown): HostError | undefined {
	for (let each = error; each instanceof Error; each = each.cause) {
		const {code = '', path: file, message} = each as NodeJS.ErrnoException;
		const place = places.find(({folder}) => file !== undefined && `${file}/`.startsWith(`${folder}/`));
		// If the place can be written, a missing file in it is a defect of ours.
		if (codes.includes(code) && place && (full.includes(code) || troubleOf(place))) {
			return new HostError(sentence(place, message), {remedy: remedyOf(place, `${code}: `), cause: each});
		}

		if (full.includes(code)) {
			return new HostError(`There is no space left on a disk: ${message}.`, {
				remedy: `Make room. Free are: ${places.map(free).join('; ')}.`,
				cause: each,
			});
		}
	}

	return undefined;
}

function free({folder, variable}: Place): string {
	for (let each = folder; ; each = path.dirname(each)) {
		try {
			const {bavail, bsize} = statfsSync(each);
			return `${Math.floor((bavail * bsize) / 2 ** 20)} MiB in ${folder} (${variable})`;
		} catch {
			if (each === path.dirname(each)) {
				return `nothing is known of ${folder} (${variable})`;
			}
		}
	}
}
