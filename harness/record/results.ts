/** `results.jsonl` of a cell: the scenario process writes one Result per line, and the harness reads them. */
import type {Result} from '../model/index.ts';
import {inWords} from '../shape.ts';
import {result} from './events.ts';
import {appendLine, type Lines, readLines} from './lines.ts';

export interface ResultsRead {
	results: Result[];
	/** What could not be read, one sentence each. */
	problems: string[];
}

/** Appends one result; several processes may do so at once. Throws HarnessError (disk full). */
export function appendResult(file: string, result: Result): void {
	appendLine(file, result);
}

/** Reads the results so far. `problems` lists a last line that is cut off. Throws HarnessError if there is no such file. */
export function readResults(file: string): ResultsRead {
	return asResults(readLines(file));
}

/** Returns the whole results. `problems` lists the other lines: a scenario may write nonsense, and reports must still be made. */
export function asResults({values, numbers, problems}: Lines): ResultsRead {
	const results: Result[] = [];
	const allProblems = [...problems];
	for (const [index, value] of values.entries()) {
		const faults: string[] = [];
		const whole = result(value, '', faults);
		if (faults.length === 0) {
			results.push(whole);
		} else {
			allProblems.push(`Line ${numbers[index]} is damaged and was left out: ${inWords(faults)}.`);
		}
	}

	return {results, problems: allProblems};
}
