/** Why a suite is left out, or used with a reservation: one sentence each, with what to do. */
import {readFile} from 'node:fs/promises';
import type {PackageList} from './apt.ts';
import type {PackageSettings} from './settings.ts';

/** Notices about the suites that were asked for, from what apt fetched and what it complained about. */
export async function explainMissingSuites(
	settings: PackageSettings,
	lists: PackageList[],
	complaints: string[],
): Promise<string[]> {
	const notices: string[] = [];
	const asked = [...settings.suites, ...settings.repositories.map(repository => repository.suite)];
	for (const suite of asked) {
		const list = lists.find(each => each.suite === suite);
		const complaint = complaints.find(line => names(line, suite));
		if (complaint && list) {
			notices.push(`Suite ${suite}: its lists could not be fetched anew, those of before are used. ${complaint}`);
		} else if (!list) {
			notices.push(leftOut(suite, complaint));
		} else if (settings.allowExpired) {
			const until = await validUntil(list.file);
			if (until && until.getTime() < Date.now()) {
				notices.push(
					`Suite ${suite} is used although its Release expired on ${until.toISOString().slice(0, 10)} (packages.allowExpired).`,
				);
			}
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
	return (
		line.includes(`/dists/${suite}/`) || line.includes(` ${suite} InRelease`) || line.includes(` ${suite} Release`)
	);
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
