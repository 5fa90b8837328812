/** The journal of a search: one line per fact, so that a search continues after Ctrl-C, `kill -9` or a power cut. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as paths from '../paths.ts';
import {appendLine, readLines} from '../record/lines.ts';
import type {Answer} from './search.ts';
import type {Tally} from './sequential.ts';

/** What is searched: two searches with the same question are the same. */
export interface Question {
	/** `scenarioId`. */
	scenario: string;
	axis: string;
	good: string;
	bad: string;
	/** The cells of the ends: what the axis does not change is in their ids. */
	cells: [string, string];
	rates: {good: number; bad: number};
}

/** A version that was measured. */
export interface Measurement {
	point: string;
	answer: Answer;
	tally: Tally;
	/** Why it could not be decided, or how it failed. */
	message?: string;
	/** Folders of its runs. */
	runs: string[];
}

type Entry =
	| {event: 'asked'; schema: 1; at: string; question: Question}
	/** A run for this version has begun. */
	| {event: 'run'; point: string; folder: string}
	| ({event: 'measured'} & Measurement)
	| {event: 'ended'};

export interface Journal {
	readonly file: string;
	/** What an earlier process measured, by version. */
	readonly known: ReadonlyMap<string, Measurement>;
	/** Folders of runs of a version that is not measured yet: an earlier process did not come to its end. */
	runsOf(point: string): string[];
	begun(point: string, folder: string): void;
	add(measurement: Measurement): void;
	/** The search has ended; the same question asked again begins anew. */
	end(): void;
}

/** Opens the journal of a question. `fresh` forgets what was measured before. Throws HarnessError if it cannot be written. */
export function openJournal(question: Question, {fresh = false} = {}): Journal {
	const name = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16);
	const file = path.join(paths.state, 'bisections', `${name}.jsonl`);
	fs.mkdirSync(path.dirname(file), {recursive: true});
	// A line that a dead writer left unfinished is left out.
	const before = fs.existsSync(file) ? (readLines(file).values as Entry[]) : [];
	const isOver = before.some(entry => entry?.event === 'ended') || !before.some(entry => entry?.event === 'asked');
	const entries = fresh || isOver ? [] : before;
	if (entries.length === 0) {
		fs.rmSync(file, {force: true});
		appendLine(file, {event: 'asked', schema: 1, at: new Date().toISOString(), question} satisfies Entry);
	}

	const measured = new Map(
		entries.flatMap(entry => (entry?.event === 'measured' ? [[entry.point, measurementOf(entry)] as const] : [])),
	);
	const runs = entries.flatMap(entry => (entry?.event === 'run' ? [entry] : []));
	return {
		file,
		known: measured,
		runsOf: point => (measured.has(point) ? [] : runs.filter(each => each.point === point).map(({folder}) => folder)),
		begun: (point, folder) => appendLine(file, {event: 'run', point, folder} satisfies Entry),
		add: each => appendLine(file, {event: 'measured', ...each} satisfies Entry),
		end: () => appendLine(file, {event: 'ended'} satisfies Entry),
	};
}

function measurementOf({point, answer, tally, message, runs}: Measurement): Measurement {
	return {point, answer, tally, ...(message !== undefined && {message}), runs};
}
