/** Why a suite is left out, or used with a reservation: one sentence each, with what to do. */
import {readFile} from 'node:fs/promises';
import type {PackageList} from './apt.ts';
import type {PackageSettings} from './settings.ts';

export interface SuiteNotice {
	suite: string;
	/** `stale`: could not be fetched anew; `expired`: used although its Release has run out. */
	state: 'left-out' | 'stale' | 'expired';
	message: string;
}

/** Notices about the suites that were asked for, from what apt fetched and what it complained about. */
export async function noticeSuites(
	settings: PackageSettings,
	lists: PackageList[],
	complaints: string[],
): Promise<SuiteNotice[]> {
	const notices: SuiteNotice[] = [];
	const asked = [
		...settings.suites.map(suite => ({suite, repository: undefined})),
		...settings.repositories.map(({suite, name, uri}) => ({suite, repository: {name, uri}})),
	];
	for (const {suite, repository} of asked) {
		const list = lists.find(each => each.suite === suite && each.repository === repository?.name);
		const complaint = complaints.find(line => names(line, suite) && (!repository || line.includes(repository.uri)));
		const until = list && settings.allowExpired ? await validUntil(list.file) : undefined;
		if (!list) {
			notices.push({suite, state: 'left-out', message: leftOut(suite, complaint)});
		} else if (complaint) {
			const message = `Suite ${suite}: its lists could not be fetched anew, those of before are used. ${complaint}`;
			notices.push({suite, state: 'stale', message});
		} else if (until && until.getTime() < Date.now()) {
			const message = `Suite ${suite} is used although its Release expired on ${until.toISOString().slice(0, 10)} (packages.allowExpired).`;
			notices.push({suite, state: 'expired', message});
		}
	}

	return notices;
}

function leftOut(suite: string, complaint: string | undefined): string {
	if (complaint && /expired/i.test(complaint)) {
		return `Suite ${suite} is left out: the mirror serves an expired Release (${complaint}). Set packages.allowExpired to use it nevertheless.`;
	}

	return `Suite ${suite} is left out: ${complaint ?? 'the mirror does not serve it for amd64'}. Take it out of packages.suites, or name a mirror that has it.`;
}

/** apt names a suite as `…/dists/sid/InRelease` or as `'URI sid Release'`. */
function names(line: string, suite: string): boolean {
	return [`/dists/${suite}/`, ` ${suite} InRelease`, ` ${suite} Release`].some(name => line.includes(name));
}

async function validUntil(list: string): Promise<Date | undefined> {
	const release = list.replace(/(_dists_[^_]+)_.*$/, '$1');
	for (const name of ['_InRelease', '_Release']) {
		const text = await readFile(release + name, 'latin1').catch(() => '');
		const date = /^Valid-Until: (.*)$/m.exec(text)?.[1];
		if (date) {
			return new Date(date);
		}
	}

	return undefined;
}
