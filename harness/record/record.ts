/** The record of a run: `run.jsonl`, one event per line, append-only. Every report is a function of it. */
import path from 'node:path';
import type {Event} from '../model.ts';
import {appendLine, type Lines, parseLines, readLines} from './lines.ts';

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
	/** What of the record could not be read. */
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
			const stamped = {at: now().toISOString(), ...event} as Event;
			// Kept even when the disk refuses it: the reports of this process still tell it.
			events.push(stamped);
			appendLine(file, stamped);
			return stamped;
		},
	};
}

/** Reads the record of a run folder. A torn last line (a killed writer) is told in `problems`. Throws HarnessError if there is none. */
export function readRecord(runFolder: string): RecordRead {
	return asEvents(readLines(recordFile(runFolder)));
}

/** As `readRecord`, of the record's text. */
export function parseRecord(text: string): RecordRead {
	return asEvents(parseLines(text));
}

function asEvents({values, problems}: Lines): RecordRead {
	const events = values.filter(isEvent);
	const strange = values.length - events.length;
	return {
		events,
		problems: strange === 0 ? problems : [...problems, `${strange} lines are no events and were left out.`],
	};
}

function isEvent(value: unknown): value is Event {
	return (
		typeof value === 'object' &&
		value !== null &&
		typeof (value as Partial<Event>).event === 'string' &&
		typeof (value as Partial<Event>).at === 'string'
	);
}
