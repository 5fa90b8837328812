/** `results.jsonl` of a cell: what the scenario process tells the harness, one Result per line. */
import type {Result} from '../model.ts';
import {appendLine, readLines} from './lines.ts';

export interface ResultsRead {
	results: Result[];
	/** What of the file could not be read. */
	problems: string[];
}

/** Appends one result; several processes may do so at once. Throws HarnessError (disk full). */
export function appendResult(file: string, result: Result): void {
	appendLine(file, result);
}

/** Reads the results that are there. A torn last line is told in `problems`. Throws HarnessError if there is no such file. */
export function readResults(file: string): ResultsRead {
	const {values, problems} = readLines(file);
	return {results: values.filter(isResult), problems};
}

/** Whether a line of the file is a result: a scenario may be killed, but it may also write nonsense. */
export function isResult(value: unknown): value is Result {
	const result = value as Partial<Result> | null;
	return (
		typeof result === 'object' &&
		result !== null &&
		typeof result.title === 'string' &&
		typeof result.cell === 'string' &&
		typeof result.verdict === 'string'
	);
}
