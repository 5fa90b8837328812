/**
 * The history: what earlier runs came to. It is an index of the records in the folder of the runs, and every answer is that of
 * the records: the index is brought up to date before each question.
 */
import type {DatabaseSync} from 'node:sqlite';
import {matches} from '../match.ts';
import * as paths from '../paths.ts';
import type {CaseVerdict, RunSummary} from '../record/summary/summary.ts';
import {bringUpToDate} from './bring-up-to-date.ts';
import type {PastTry} from './past-run.ts';
import {anew, inMemory, isDamaged, openStore, storeFile} from './store.ts';

/** A run, without its results. */
export interface RunEntry {
	/** Name of its folder below the folder of the runs. */
	folder: string;
	run: string;
	startedAt: string;
	state: RunSummary['state'];
	exitCode: number;
	hostname: string;
	/** The version of swarmlab. */
	swarmlab: string;
}

/** A claim on a cell in one run. */
export interface PastPoint extends RunEntry {
	verdict: CaseVerdict;
	seconds: number;
	/** Why it is not passed. */
	message: string;
	/** Where its failure is reported, if it was expected to fail. */
	issue: string;
	tries: PastTry[];
}

/** A claim on a cell, over its runs. */
export interface Strip {
	file: string;
	title: string;
	/** Id of the cell: it has the versions of kernel and engine. */
	cell: string;
	/** Release of the kernel, of the newest run; several if the nodes differ. */
	kernel: string;
	/** Version of the engine, as `kernel`. */
	engine: string;
	/** Oldest first. */
	points: PastPoint[];
}

interface StripQuery {
	/** Part of a title or of a file; absent: every claim. */
	scenario?: string | undefined;
	/** As `--cell`: by whole components, or a glob. */
	cell?: string | undefined;
	/** Only the newest runs; absent: all. */
	runs?: number;
}

export interface History {
	/** Runs that could be read, oldest first. */
	runs(): RunEntry[];
	/** The strips, by file, title and cell. */
	strips(query?: StripQuery): Strip[];
	/** Names of the claims that a run proved on machines of these providers, each as `file\ntitle`. */
	claimsIn(folder: string, providers: readonly string[]): Set<string>;
	/** What is left out, and why the file of the history is not used: sentences. */
	notices(): string[];
	close(): void;
}

/** Opens the history of a folder of runs, up to date. Neither this nor an answer throws because of its file. */
export function openHistory(runsFolder: string = paths.runs): History {
	const file = storeFile(runsFolder);
	let store = openStore(file);
	const problems = new Set<string>();
	/** Asks the store; after trouble with it, once more one that is made anew, and at last one in memory. */
	const ask = <Answer>(question: (database: DatabaseSync) => Answer): Answer => {
		try {
			return question(store.database);
		} catch (error) {
			store.database.close();
			store = isDamaged(error) ? anew(file) : inMemory(unusable(file, error));
		}

		try {
			bringUpToDate(store.database, runsFolder);
			return question(store.database);
		} catch (error) {
			store.database.close();
			store = inMemory(unusable(file, error));
			bringUpToDate(store.database, runsFolder);
			return question(store.database);
		}
	};

	ask(database => bringUpToDate(database, runsFolder));
	return {
		runs: () => ask(database => database.prepare(runsQuery).all() as unknown as RunEntry[]),
		strips: query => ask(database => stripsIn(database, query ?? {})),
		claimsIn(folder, providers) {
			const rows = ask(database => database.prepare(claimsQuery).all(folder)) as {id: string; provider: string}[];
			return new Set(rows.filter(each => providers.includes(each.provider)).map(({id}) => id));
		},
		notices() {
			const left = ask(database => database.prepare(unreadableQuery).all()) as {folder: string; problem: string}[];
			if (store.problem !== undefined) {
				problems.add(`The history is read from the records: ${store.problem}`);
			}

			return [...problems, ...left.map(({folder, problem}) => `The run ${folder} is left out: ${problem}`)];
		},
		close: () => store.database.close(),
	};
}

function unusable(file: string, error: unknown): string {
	return `${file} cannot be used: ${(error as Error).message}.`;
}

function stripsIn(database: DatabaseSync, {scenario, cell, runs = -1}: StripQuery): Strip[] {
	const all = database.prepare('SELECT key, file, title FROM claim').all() as {
		key: number;
		file: string;
		title: string;
	}[];
	const wanted = scenario?.toLowerCase();
	const keys = all
		.filter(({file, title}) => wanted === undefined || `${file}\n${title}`.toLowerCase().includes(wanted))
		.map(({key}) => key);
	const rows = database.prepare(stripsQuery).all({keys: JSON.stringify(keys), runs}) as unknown as Row[];
	return asStrips(cell === undefined ? rows : rows.filter(each => matches(each.cell, cell)));
}

const entry =
	'run.folder, run.run, run.started AS startedAt, run.state, run.exit AS exitCode, run.hostname, run.swarmlab';
// Ids of runs begin with the time, and two runs of one second differ in their end.
const order = 'run.started, run.folder';
const runsQuery = `SELECT ${entry} FROM run WHERE state <> 'unreadable' ORDER BY ${order}`;
const unreadableQuery = "SELECT folder, problem FROM run WHERE state = 'unreadable' ORDER BY folder";
const stripsQuery = `SELECT ${entry}, claim.file, claim.title, cell.id AS cell, cell.kernel, cell.engine, result.verdict, result.seconds, result.message,
	result.issue, result.tries
	FROM result JOIN claim ON claim.key = result.claim JOIN cell ON cell.key = result.cell JOIN run ON run.key = cell.run
	WHERE result.claim IN (SELECT value FROM json_each(:keys))
	AND run.key IN (SELECT key FROM run WHERE state <> 'unreadable' ORDER BY started DESC, folder DESC LIMIT :runs)
	ORDER BY claim.file, claim.title, cell.id, ${order}`;
const claimsQuery = `SELECT DISTINCT claim.file || char(10) || claim.title AS id, cell.provider
	FROM run JOIN cell ON cell.run = run.key JOIN result ON result.cell = cell.key JOIN claim ON claim.key = result.claim
	WHERE run.folder = ?`;

interface Row extends RunEntry {
	file: string;
	title: string;
	cell: string;
	kernel: string;
	engine: string;
	verdict: CaseVerdict;
	seconds: number;
	message: string;
	issue: string;
	tries: string;
}

/** Rows of a strip follow one another. */
function asStrips(rows: readonly Row[]): Strip[] {
	const strips: Strip[] = [];
	for (const {file, title, cell, kernel, engine, tries, ...point} of rows) {
		let last = strips.at(-1);
		if (last?.file !== file || last.title !== title || last.cell !== cell) {
			last = {file, title, cell, kernel, engine, points: []};
			strips.push(last);
		}

		Object.assign(last, {kernel, engine});
		last.points.push({...point, tries: triesIn(tries)});
	}

	return strips;
}

function triesIn(text: string): PastTry[] {
	return (JSON.parse(text) as [PastTry['verdict'], number, PastTry['metrics']][]).map(
		([verdict, seconds, metrics]) => ({verdict, seconds, metrics}),
	);
}
