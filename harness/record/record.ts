/** The record of a run: `run.jsonl`, one event per line, append-only. Every report is made from it alone. */
import path from 'node:path';
import type {Event} from '../model/index.ts';
import {counted} from './counted.ts';
import {readEvent} from './event.ts';
import {appendLine, eachLine, eachLineOf, type Line} from './lines.ts';
import {upgraded} from './older.ts';
import {recordSchema, refuseNewer} from './schema.ts';

type WithoutTime<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

/** An event before the record stamps it. */
export type NewEvent = WithoutTime<Event>;

export interface RecordWriter {
	/** The file that is written. */
	readonly file: string;
	/** Stamps the event with the time, writes it, and returns it as written. Throws HarnessError (disk full). */
	append(event: NewEvent): Event;
	/** Every event of this writer so far. */
	readonly events: readonly Event[];
}

export interface RecordRead {
	events: Event[];
	/** What could not be read, one sentence each. */
	problems: string[];
}

/** Name of the record inside a run folder. */
export function recordFile(runFolder: string): string {
	return path.join(runFolder, 'run.jsonl');
}

/** Opens the record of a run folder for appending; the folder must exist. */
export function openRecord(runFolder: string, now: () => Date = () => new Date()): RecordWriter {
	const file = recordFile(runFolder);
	const events: Event[] = [];
	return {
		file,
		events,
		append(event) {
			const schema = event.event === 'run-started' ? {schema: recordSchema} : {};
			const stamped = {at: now().toISOString(), ...schema, ...event} as Event;
			// Kept in memory even if the write fails: the reports of this process still show it.
			events.push(stamped);
			appendLine(file, stamped);
			return stamped;
		},
	};
}

/**
 * Reads the record of a run folder. `problems` lists what could not be read. Throws HarnessError if there is no record,
 * UsageError if a newer swarmlab wrote it.
 */
export function readRecord(runFolder: string): RecordRead {
	const problems: string[] = [];
	return {events: [...eachEvent(runFolder, problems)], problems};
}

/** Reads the text of a record, as `readRecord` reads its file. */
export function parseRecord(text: string): RecordRead {
	const problems: string[] = [];
	return {events: [...eventsIn(eachLineOf(text, problems), problems, 'The record')], problems};
}

/** Reads as `readRecord` does, and yields one event after the other. `problems` is complete when it has ended. */
export function* eachEvent(runFolder: string, problems: string[]): Generator<Event> {
	const file = recordFile(runFolder);
	const found: string[] = [];
	yield* eventsIn(eachLine(file, found), found, file);
	problems.push(...found.slice(0, maximumProblems));
	if (found.length > maximumProblems) {
		problems.push(`${counted(found.length - maximumProblems, 'more line is', 'more lines are')} damaged as well.`);
	}
}

/** Reports list every damaged line, but not more than these: a file may not be a record at all. */
const maximumProblems = 50;

function* eventsIn(lines: Iterable<Line>, problems: string[], file: string): Generator<Event> {
	let first = true;
	for (const {value, number} of lines) {
		if (first || (value as {event?: unknown} | null)?.event === 'run-started') {
			refuseNewer(value, file);
		}

		first = false;
		const {event, problem} = readEvent(upgraded(value), number);
		if (problem !== undefined) {
			problems.push(problem);
		}

		if (event) {
			yield event;
		}
	}
}
