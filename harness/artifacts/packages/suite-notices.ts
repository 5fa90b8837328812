/** Notices about suites that are left out, out of date or expired: one sentence each, with the remedy. */
import {readFile} from 'node:fs/promises';
import type {ListsRead} from './lists-missing.ts';
import {mirrorFor, type SilentMirror, withoutPassword} from './mirrors.ts';

export interface SuiteNotice {
	suite: string;
	/** `stale`: its lists could not be fetched today; `expired`: used although its Release has expired. */
	state: 'left-out' | 'stale' | 'expired';
	/** The same text for all suites with the same cause. */
	message: string;
}

/** Returns the notices about the requested suites, from the lists that apt fetched and from its complaints. */
export async function noticeSuites({settings, lists, complaints, silent}: ListsRead): Promise<SuiteNotice[]> {
	const asked = [
		...settings.suites.map(suite => ({suite, uri: mirrorFor(settings, suite), repository: undefined})),
		...settings.repositories.map(({suite, name, uri}) => ({suite, uri, repository: name})),
	];
	const found = await Promise.all(
		asked.map(async ({suite, uri, repository}) => {
			const list = lists.find(each => each.suite === suite && each.repository === repository);
			const mirror = silent.find(each => each.uri === uri);
			const complaint = complaints.find(line => names(line, suite) && (!repository || line.includes(uri)));
			const until = list && settings.allowExpired ? await validUntil(list.file) : undefined;
			const expired = until && until.getTime() < Date.now() ? until.toISOString().slice(0, 10) : undefined;
			return {suite, state: list ? ('stale' as const) : ('left-out' as const), mirror, complaint, expired};
		}),
	);
	const notices: SuiteNotice[] = [];
	for (const {suite, state, mirror, complaint, expired} of found) {
		if (mirror) {
			const suites = found.filter(each => each.mirror === mirror && each.state === state).map(each => each.suite);
			notices.push({suite, state, message: ofSilent(mirror, suites, state)});
		} else if (state === 'left-out') {
			notices.push({suite, state, message: leftOut(suite, complaint)});
		} else if (complaint) {
			const message = `Suite ${suite}: its lists could not be fetched anew, those of before are used. ${complaint}`;
			notices.push({suite, state, message});
		} else if (expired) {
			const suites = found.filter(each => each.expired === expired).map(each => each.suite);
			notices.push({suite, state: 'expired', message: ofExpired(suites, expired)});
		}
	}

	return notices;
}

function ofSilent(mirror: SilentMirror, suites: string[], state: 'stale' | 'left-out'): string {
	const what =
		state === 'stale'
			? `the lists of before are used for ${enumerate(suites)}`
			: `${enumerate(suites)} ${suites.length === 1 ? 'is' : 'are'} left out`;
	return `The mirror ${withoutPassword(mirror.uri)} cannot be reached (${mirror.reason}): ${what}.`;
}

function ofExpired(suites: string[], date: string): string {
	const [subject, its] =
		suites.length === 1 ? ['Suite', 'is used although its'] : ['Suites', 'are used although their'];
	return `${subject} ${enumerate(suites)} ${its} Release expired on ${date}`;
}

function leftOut(suite: string, complaint: string | undefined): string {
	if (complaint && /expired/i.test(complaint)) {
		return `Suite ${suite} is left out: the mirror serves an expired Release (${complaint}). Set packages.allowExpired to use it nevertheless.`;
	}

	return `Suite ${suite} is left out: ${complaint ?? 'the mirror does not serve it for amd64'}. Take it out of packages.suites, or name a mirror that has it.`;
}

/** `a`, `a and b`, `a, b and c`. */
function enumerate(words: string[]): string {
	return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** Whether a line of apt names this suite: as `…/dists/sid/InRelease` or as `'URI sid Release'`. */
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
