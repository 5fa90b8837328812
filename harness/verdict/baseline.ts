/** Which run a run is compared with, and what the history has of both. */
import fs from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {type History, openHistory, type PastPoint, type RunEntry} from '../history/history.ts';
import {type PastRun, pastRun} from '../history/past-run.ts';
import * as paths from '../paths.ts';
import {findRun} from '../record/find.ts';
import {parseRecord, type RecordRead, readRecord, recordFile} from '../record/record.ts';
import type {Past} from './judge.ts';

/** The word for the newest run in which nothing was red. */
const lastGood = 'last-good';

export interface Baseline {
	asked: string;
	/** Absent: there is none yet. */
	run?: PastRun;
	/** The run folder of it; absent for a lone record. */
	folder?: string;
	/** What a reader of the verdict has to know of the choice: sentences. */
	notices: string[];
}

/** What the run is about that gets a baseline. */
export interface About {
	/** Ids of its scenarios: see `scenarioId`. */
	claims: ReadonlySet<string>;
	/** Where its machines come from. */
	providers: readonly string[];
	/** ISO 8601. A run that is later by its clock is no earlier run. */
	startedAt: string;
	/** Its id, if it has one: it is not its own baseline. */
	run?: string;
}

/**
 * Returns the baseline. `asked` is `last-good`, a run as `swarmlab report` takes it, or the file of a record. Throws UsageError for a run
 * that is not there, and for a record with nothing in it.
 */
export function findBaseline(asked: string, about: About, runsFolder: string = paths.runs): Baseline {
	if (asked === lastGood) {
		return newestGood(about, runsFolder);
	}

	const folder = isFile(asked) ? undefined : findRun(asked, runsFolder);
	const {events, problems} = folder ? readRecord(folder) : parseRecord(fs.readFileSync(asked, 'utf8'));
	const run = pastRun(events, problems);
	if (!events.some(each => each.event === 'run-started')) {
		throw new UsageError(`--baseline: nothing of the run ${asked} can be read.`, {
			remedy: 'Name a run whose record has its first line: swarmlab history shows the runs.',
		});
	}

	const damaged = problems.length > 0 ? [`The record of the baseline is damaged: ${problems[0]}`] : [];
	return {asked, run, ...(folder && {folder}), notices: damaged};
}

/** The record in a run folder is that of the folder. */
function isFile(asked: string): boolean {
	const named = fs.statSync(asked, {throwIfNoEntry: false})?.isFile() ?? false;
	return named && path.resolve(asked) !== path.resolve(recordFile(path.dirname(asked)));
}

function newestGood(about: About, runsFolder: string): Baseline {
	const history = openHistory(runsFolder);
	try {
		const {chosen, notices} = chooseGood(history.runs(), about, folder => history.claimsIn(folder, about.providers));
		const folder = chosen && path.join(runsFolder, chosen.folder);
		const record = folder && readable(folder);
		const run = record && pastRun(record.events, record.problems);
		const none = 'There is no good run yet that proved any of these claims, so each failure is new.';
		return {
			asked: lastGood,
			...(run && {run, folder}),
			notices: [...history.notices(), ...notices, ...(run ? [] : [none])],
		};
	} finally {
		history.close();
	}
}

/** The folder may have been removed since the history was read. */
function readable(folder: string): RecordRead | undefined {
	return fs.existsSync(recordFile(folder)) ? readRecord(folder) : undefined;
}

/**
 * Chooses the good run: finished, with the exit code 0, and of those that proved most of the claims the newest. Pure but for
 * `claimsIn`, which returns the claims of a run.
 */
function chooseGood(
	runs: readonly RunEntry[],
	{claims, startedAt, run: own}: About,
	claimsIn: (folder: string) => ReadonlySet<string>,
): {chosen?: RunEntry; notices: string[]} {
	const good = runs.filter(({state, exitCode, run}) => state === 'finished' && exitCode === 0 && run !== own);
	const later = good.filter(each => each.startedAt > startedAt);
	let chosen: RunEntry | undefined;
	let most = 0;
	for (const each of good.filter(({startedAt: at}) => at <= startedAt).toReversed()) {
		const those = claimsIn(each.folder);
		const shared = [...claims].filter(id => those.has(id)).length;
		if (shared > most) {
			[chosen, most] = [each, shared];
		}

		if (most === claims.size) {
			break;
		}
	}

	return {
		...(chosen && {chosen}),
		notices: later.map(({run}) => `The run ${run} is left out: by its clock it began after this one.`),
	};
}

/** Newest runs that are looked at for measurements and flips. */
const recentRuns = 60;

/** Flips that are older than so many runs say nothing of today. */
const flipRuns = 12;

/** Returns what the history has beside the two runs that are compared. */
export function pastBeside(baseline: PastRun | undefined, now: PastRun, runsFolder: string = paths.runs): Past {
	const history = openHistory(runsFolder);
	const points = pointsOf(history, new Set([baseline?.run, now.run]), now.startedAt);
	history.close();
	const hostname = now.host?.hostname;
	const of = (id: string, cell: string) => points.get(`${id}\n${cell}`) ?? [];
	const tries = (those: readonly PastPoint[]) => those.flatMap(each => each.tries);
	return {
		samples(id, {before, now: current}) {
			const since = baseline?.startedAt ?? '';
			// Another host is slower or faster by itself.
			const here = (cell: string) => of(id, cell).filter(each => each.hostname === hostname);
			return {
				before: tries(here(before).filter(({startedAt}) => startedAt <= since)),
				now: tries(here(current).filter(({startedAt}) => startedAt > since)),
			};
		},
		verdicts: (id, cell) =>
			of(id, cell)
				.filter(({verdict}) => verdict === 'passed' || verdict === 'failed')
				.slice(-flipRuns)
				.map(({verdict}) => verdict === 'failed'),
	};
}

function pointsOf(history: History, without: ReadonlySet<string | undefined>, until: string): Map<string, PastPoint[]> {
	const strips = history.strips({runs: recentRuns});
	return new Map(
		strips.map(({file, title, cell, points}) => [
			`${file}\n${title}\n${cell}`,
			points.filter(({run, startedAt}) => !without.has(run) && startedAt <= until),
		]),
	);
}

/** Returns the name of the folder of the newest run that ended well: it is not removed, however many came after it. */
export function newestGoodFolder(runsFolder: string = paths.runs): string | undefined {
	const history = openHistory(runsFolder);
	const found = history.runs().findLast(({state, exitCode}) => state === 'finished' && exitCode === 0);
	history.close();
	return found?.folder;
}
