/** Finds the cause of missing lists of packages, and the remedy. Pure, except for reading the disk's free space. */
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import {type HarnessError, HostError, UsageError} from '../../errors.ts';
import {nearest} from '../../nearest.ts';
import * as paths from '../../paths.ts';
import {isDiskFull, mebibytes} from '../../store/disk-full.ts';
import type {PackageList} from './apt.ts';
import {mirrorFor, type SilentMirror, withoutPassword} from './mirrors.ts';
import type {PackageSettings} from './settings.ts';
import {distributions, suiteNames} from './suites.ts';

export interface ListsRead {
	settings: PackageSettings;
	lists: readonly PackageList[];
	complaints: readonly string[];
	silent: readonly SilentMirror[];
}

/** The most that apt writes for one suite: the packed list and the unpacked one. Bytes. */
const roomOfSuite = 80 * 2 ** 20;

/**
 * Returns the error that makes the lists useless; undefined if they can be used.
 * A mirror that does not answer is a HostError. A suite that no mirror has is a UsageError: its name is mistyped.
 */
export function whatIsMissing({settings, lists, complaints, silent}: ListsRead): HarnessError | undefined {
	const has = (suite: string) => lists.some(list => list.suite === suite);
	const main = silent.find(({uri}) => uri === settings.mirror);
	const ofMain = settings.suites.filter(suite => mirrorFor(settings, suite) === settings.mirror);
	if (main && !ofMain.some(has)) {
		return unreachable(main);
	}

	const absent = settings.suites.filter(suite => !has(suite) && complaints.some(line => isAbsent(line, suite)));
	const known = suiteNames(distributions[settings.distribution]);
	const mistyped = absent.filter(suite => !known.includes(suite));
	if (mistyped.length > 0) {
		return unknownSuites(mistyped, settings);
	}

	if (lists.length > 0) {
		return undefined;
	}

	if (absent.length === settings.suites.length) {
		return unknownSuites(absent, settings);
	}

	return silent[0]
		? unreachable(silent[0])
		: new HostError(`No suite of ${withoutPassword(settings.mirror)} can be used: ${complaints.join(' ')}`, {
				remedy: complaints.some(line => /expired/i.test(line))
					? 'Use it all the same by --allow-expired (packages.allowExpired), or name another mirror: --mirror, packages.mirror.'
					: 'Look whether the mirror is whole and signed by packages.keyring; --mirror or packages.mirror names another.',
			});
}

/** Returns the HostError for a full disk or a cache folder that cannot be written; undefined for any other failure. */
export async function asDiskFullError(error: unknown, {suites}: PackageSettings): Promise<HostError | undefined> {
	const remedy = 'Set SWARMLAB_CACHE to a folder that you may write to, on a disk with room.';
	if (isDiskFull(error)) {
		return new HostError(
			`The disk is full: lists of packages of ${suites.length} suites need about ${mebibytes(suites.length * roomOfSuite)} ` +
				`under ${paths.cache}, and ${mebibytes(await freeAt(paths.cache))} are free.`,
			{cause: error, remedy: `Make room there, or name fewer suites by --suites. ${remedy}`},
		);
	}

	const {code = '', syscall} = (error ?? {}) as NodeJS.ErrnoException;
	const isUnwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'].includes(code);
	return isUnwritable || (code === 'ENOENT' && syscall === 'mkdir')
		? new HostError(`The cache folder ${paths.cache} cannot be written.`, {cause: error, remedy})
		: undefined;
}

function unreachable({uri, reason}: SilentMirror): HostError {
	return new HostError(`The mirror ${withoutPassword(uri)} cannot be reached: ${reason}.`, {
		remedy: 'Look whether this host can reach it, by the proxy of its apt where it has one; --mirror names another.',
	});
}

function unknownSuites(suites: string[], settings: PackageSettings): UsageError {
	const known = suiteNames(distributions[settings.distribution]);
	const near = [...new Set(suites.flatMap(suite => nearest(suite, known).filter(each => each !== suite)))];
	const [first, ...more] = [...new Set(suites.map(suite => withoutPassword(mirrorFor(settings, suite))))];
	return new UsageError(
		`There is no suite ${suites.map(suite => `'${suite}'`).join(', ')} on ${[first, ...more].join(' or ')}.${
			near.length > 0 ? ` Nearest: ${near.join(', ')}.` : ''
		}`,
		{
			remedy: `Suites of ${settings.distribution}: ${distributions[settings.distribution].suites.join(', ')}. A mirror's URL ends where its folder dists begins.`,
		},
	);
}

/** Whether apt complains that a mirror answers but does not have this suite. */
function isAbsent(complaint: string, suite: string): boolean {
	return (
		complaint.includes(` ${suite} Release' does not have a Release file`) ||
		(complaint.includes(`/dists/${suite}/`) && /\s404\s/.test(complaint))
	);
}

async function freeAt(folder: string): Promise<number> {
	for (let at = folder; ; at = path.dirname(at)) {
		const found = await statfs(at).catch(() => undefined);
		if (found || at === path.dirname(at)) {
			return found ? found.bavail * found.bsize : 0;
		}
	}
}
