/**
 * The few hundred packages that we use (kernels, engines, busybox) out of some 300 000, as one small JSON file that is quick
 * to read. It is rebuilt once a day, or when the settings change.
 */
import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {withLock} from '../../store/lock.ts';
import {noReport, type Report} from '../../store/report.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {type AptRoot, indexFile, type PackageList, packageLists, prepareAptRoot, updateLists} from './apt.ts';
import {parseDeb822} from './deb822.ts';
import {asDiskFullError, whatIsMissing} from './lists-missing.ts';
import {hostOf, mirrorsOf, silentMirrors} from './mirrors.ts';
import type {PackageSettings} from './settings.ts';
import {noticeSuites, type SuiteNotice} from './suite-notices.ts';

/** One package in one version, as a suite offers it. */
export interface PackageRow {
	name: string;
	version: string;
	suite: string;
	/** Name of the extra repository; undefined for the distribution's own. */
	repository?: string;
	/** Full URI of the .deb. */
	uri: string;
	sha256: string;
	/** Bytes of the .deb. */
	size: number;
	depends: string;
}

export interface PackageIndex {
	format: number;
	/** When the lists must be fetched again: milliseconds since the epoch. */
	staleAt: number;
	rows: PackageRow[];
	/** Notices for the user: suites that are left out, out of date, or used although expired. */
	notices: SuiteNotice[];
}

const dayMs = 24 * 3600 * 1000;
/** Lifetime of the index after a failure that may be temporary. */
const retryAfterMs = 10 * 60 * 1000;
/** Raise it when PackageRow or the selection of packages changes. */
const format = 2;

const wanted =
	/^Package: (linux-(?:image|binary|modules|base)-\S+|docker\.io|docker-ce|docker-ce-cli|docker-engine|moby-engine|containerd|containerd\.io|runc|busybox-static)$/gm;
const unwanted = /-(dbg|dbgsym|unsigned|signed-template)$/;

/** Returns the index of today. Fetches it if it is missing or with `refresh`. Throws the same errors as `Packages.rows`. */
export async function packageIndex(
	settings: PackageSettings,
	report: Report = noReport,
	{refresh = false} = {},
): Promise<PackageIndex> {
	try {
		return await findIndex(settings, report, refresh);
	} catch (error) {
		throw (await asDiskFullError(error, settings)) ?? error;
	}
}

/** Returns the rows of the last index, however old it is; none if there is none. */
export async function fetchedRows(settings: PackageSettings): Promise<PackageRow[]> {
	return (await readIndex(indexFile(await prepareAptRoot(settings)), 0))?.rows ?? [];
}

async function findIndex(settings: PackageSettings, report: Report, refresh: boolean): Promise<PackageIndex> {
	const root = await prepareAptRoot(settings);
	const file = indexFile(root);
	const known = refresh ? undefined : await readIndex(file);
	return (
		known ??
		withLock(
			path.join(root.folder, 'refresh'),
			holder => reportInfo(report, `Package lists: ${holder} fetches them already; waiting for that.`),
			// After waiting for the lock, read what the other process has fetched.
			async () => (refresh ? undefined : await readIndex(file)) ?? (await fetchIndex(root, report)),
		)
	);
}

/** Reports each different notice once as a warning. If `suite` is given, only notices about it. */
export function reportNotices(index: PackageIndex, settings: PackageSettings, report: Report, suite?: string): void {
	const messages = index.notices
		.filter(each => !suite || each.suite === suite)
		.map(({state, message}) =>
			// Added here, not in the index, because other settings that allow it in another way share the index.
			state === 'expired'
				? `${message} (${settings.expiredAllowedBy ?? 'packages.allowExpired, --allow-expired'}).`
				: message,
		);
	for (const message of new Set(messages)) {
		report({event: 'notice', level: 'warning', message});
	}
}

function reportInfo(report: Report, message: string): void {
	report({event: 'notice', level: 'info', message});
}

async function fetchIndex(root: AptRoot, report: Report): Promise<PackageIndex> {
	const {settings} = root;
	const hosts = [...new Set(mirrorsOf(settings).map(({uri}) => hostOf(uri)))];
	reportInfo(report, `reading the lists of packages from ${hosts.join(', ')} (once a day)`);
	const silent = await silentMirrors(root);
	const complaints = await updateLists(root, silent);
	const lists = await packageLists(root);
	const fetched = {settings, lists, complaints, silent: silent};
	const missing = whatIsMissing(fetched);
	if (missing) {
		throw missing;
	}

	const rows: PackageRow[] = [];
	// One after the other, because each list is 50 MB of text.
	for (const list of lists) {
		rows.push(...(await readList(list)));
	}

	const index: PackageIndex = {
		format,
		staleAt: Date.now() + (silent.length === 0 && complaints.every(isLasting) ? dayMs : retryAfterMs),
		rows,
		notices: await noticeSuites(fetched),
	};
	await mkdir(root.folder, {recursive: true});
	writeAtomically(indexFile(root), JSON.stringify(index));
	return index;
}

/** Whether apt's complaint will be the same in an hour. A mirror that was not reached may answer by then. */
function isLasting(complaint: string): boolean {
	return /expired|does not have a Release file|404|not signed|NO_PUBKEY|can't be done securely|disabled by default/.test(
		complaint,
	);
}

/** Reads the rows that we use from one Packages file. A regular expression is some 30 times faster than parsing it all. */
async function readList(list: PackageList): Promise<PackageRow[]> {
	const text = await readFile(list.file, 'latin1');
	return [...text.matchAll(wanted)].flatMap(match => {
		if (unwanted.test(match[1]!)) {
			return [];
		}

		const end = text.indexOf('\n\n', match.index);
		const [stanza] = parseDeb822(text.slice(match.index, end < 0 ? undefined : end));
		if (!stanza?.filename || !stanza.sha256 || !stanza.version) {
			return [];
		}

		return [
			{
				name: match[1]!,
				version: stanza.version,
				suite: list.suite,
				...(list.repository ? {repository: list.repository} : {}),
				uri: list.uri + stanza.filename.replace(/^\.\//, ''),
				sha256: stanza.sha256,
				size: Number(stanza.size ?? 0),
				depends: stanza.depends ?? '',
			},
		];
	});
}

/** @param now epoch milliseconds; 0 takes an index of any age */
async function readIndex(file: string, now = Date.now()): Promise<PackageIndex | undefined> {
	try {
		const index = JSON.parse(await readFile(file, 'utf8')) as PackageIndex;
		return index.format === format && now < index.staleAt ? index : undefined;
	} catch {
		return undefined;
	}
}
