/** `results.jsonl` of a cell: what the scenario process tells the harness, one Result per line. */
import type {Result, Verdict} from '../model.ts';
import {appendLine, type Lines, readLines} from './lines.ts';

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
	return asResults(readLines(file));
}

/** Lines that are no whole result are left out and told of: a scenario may write nonsense, and reports must still be made. */
export function asResults({values, problems}: Lines): ResultsRead {
	const results = values.filter(isResult);
	const strange = values.length - results.length;
	return {
		results,
		problems: strange === 0 ? problems : [...problems, `${strange} lines are no results and were left out.`],
	};
}

const verdicts: readonly unknown[] = ['passed', 'failed', 'broken', 'skipped'] satisfies Verdict[];

function isResult(value: unknown): value is Result {
	const {cell, title, file, repetition, verdict, reason, metrics, evidence, log} = (value ?? {}) as Partial<Result>;
	return (
		[cell, title, file, ...(reason ? [reason.message, reason.type, reason.details] : [])].every(
			each => typeof each === 'string',
		) &&
		Number.isInteger(repetition) &&
		verdicts.includes(verdict) &&
		typeof metrics === 'object' &&
		Array.isArray(evidence) &&
		Array.isArray(log)
	);
}
