/** What the healthy bench keeps of each run: a line of a file, so that an interrupted bench can go on. */
import {uniform} from '../harness/model/index.ts';
import {readLines} from '../harness/record/lines.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {flag, inWords, list, number, object, oneOf, ordinal, table, text} from '../harness/shape.ts';
import type {PlannedRun} from './healthy-plan.ts';

export interface Red {
	cell: string;
	title: string;
	verdict: 'failed' | 'broken';
	reason: string;
}

export interface HealthyRun extends PlannedRun {
	/** Start of the run, ISO 8601, UTC. */
	at: string;
	seed: number;
	/** Requested scenario files and options: runs with others do not belong into the same table. */
	asked: string[];
	exitCode: number;
	seconds: number;
	/** `kernel 6.1.0-56-cloud-amd64, Docker 20.10.24`. If the run ended before it had a cell: what was requested. */
	cell: string;
	passed: number;
	failed: number;
	broken: number;
	skipped: number;
	/** Every red result. It is never tried again. */
	red: Red[];
	/** Values by name, over all scenarios of the run. */
	metrics: Record<string, number[]>;
	/** Trouble that is not red: infrastructure that was tried again, warnings, leftovers. */
	notices: string[];
}

const shape = object<HealthyRun>({
	number: ordinal,
	kernel: text(),
	docker: text(),
	busy: flag,
	at: text(),
	seed: number,
	asked: list(text()),
	exitCode: number,
	seconds: number,
	cell: text(),
	passed: number,
	failed: number,
	broken: number,
	skipped: number,
	red: list(object<Red>({cell: text(), title: text(), verdict: oneOf('failed', 'broken'), reason: text()})),
	metrics: table(list(number)),
	notices: list(text()),
});

/**
 * Reads the file of a bench, that of an earlier version too. A line that is damaged is left out: `problems` has a sentence for
 * each, and its run counts as not done.
 */
export function readRuns(file: string): {runs: HealthyRun[]; problems: string[]} {
	const {values, numbers, problems} = readLines(file);
	const runs = values.flatMap((value, index) => {
		const faults: string[] = [];
		const run = shape(renamed(value), '', faults);
		if (faults.length === 0) {
			return run;
		}

		problems.push(`Line ${numbers[index]} is damaged and was left out: ${inWords(faults)}.`);
		return [];
	});
	return {runs, problems};
}

/** Until 2026-11-26, `notices` were `told`. */
function renamed(value: unknown): unknown {
	const run = value as {told?: unknown; notices?: unknown} | null;
	return run?.told === undefined ? value : {...run, notices: run.notices ?? run.told};
}

type HealthyOutcome = Omit<HealthyRun, keyof PlannedRun | 'at' | 'seed' | 'asked' | 'exitCode' | 'seconds'>;

/**
 * Returns the outcome of a run from its summary. A cell that came up is no result, but a cell that did not is red. An exit code
 * that nothing red explains (a run that proved nothing) is red too. Of an interrupted run, only the results before the
 * interruption count.
 */
export function outcomeOf(summary: RunSummary, exitCode: number, interrupted = false): HealthyOutcome {
	const found = summary.cells.flatMap(({cell, cases}) =>
		cases.flatMap(({title, verdict, reason}): Red[] =>
			(verdict === 'failed' || verdict === 'broken') && !(interrupted && reason?.message.includes('interrupted'))
				? [{cell: cell.id, title, verdict, reason: reason?.message ?? ''}]
				: [],
		),
	);
	const unexplained: Red = {
		cell: summary.cells.map(({cell}) => cell.id).join(', '),
		title: 'the run ends with 0',
		verdict: 'broken',
		reason: `it ended with ${exitCode}, though nothing was red: ${reasonsOf(summary)}`,
	};
	const red = found.length === 0 && exitCode !== 0 && !interrupted ? [unexplained] : found;
	const claims = summary.cells.flatMap(({cases}) => cases.filter(({file}) => file !== ''));
	const count = (wanted: string) => claims.filter(({verdict}) => verdict === wanted).length;
	const metrics: Record<string, number[]> = {};
	for (const [name, value] of summary.cells.flatMap(each => [
		...Object.entries(each.metrics),
		...each.cases.flatMap(one => Object.entries(one.metrics)),
	])) {
		metrics[name] = [...(metrics[name] ?? []), value];
	}

	const cells = summary.cells.map(({cell}) =>
		uniform(cell, ({kernel, engine}) => `kernel ${kernel.release}, Docker ${engine.version}`),
	);
	return {
		cell: cells.join('; '),
		passed: count('passed'),
		failed: count('failed'),
		skipped: count('skipped'),
		broken: interrupted ? red.filter(({verdict}) => verdict === 'broken').length : count('broken'),
		red,
		metrics,
		notices: noticesOf(summary),
	};
}

function reasonsOf({cells}: RunSummary): string {
	return cells.map(({reason}) => reason?.message ?? 'nothing was proven').join('; ');
}

function noticesOf({cells, notices, leftovers, problems}: RunSummary): string[] {
	const warnings = [...notices, ...cells.flatMap(each => each.notices)].filter(({level}) => level === 'warning');
	const left = [...leftovers, ...cells.flatMap(each => each.leftovers)];
	return [
		...cells.flatMap(each => each.retries.map(({reason}) => `tried again: ${reason.message}`)),
		...cells.flatMap(({cases}) =>
			cases.flatMap(({title, verdict, otherTries}) =>
				verdict === 'passed' ? otherTries.map(({reason}) => `tried again: ${title}: ${reason.message}`) : [],
			),
		),
		...warnings.map(({message}) => `warning: ${message}`),
		...left.map(({what, why}) => `left over: ${what}: ${why}`),
		...problems.map(each => `record: ${each}`),
	];
}

/** Returns the outcome of a run without a summary. That is red as well. */
export function outcomeOfNothing(
	{kernel, docker}: PlannedRun,
	exitCode: number | string,
	lastWords: string,
): HealthyOutcome {
	const cell = `kernel ${kernel}, Docker ${docker}`;
	const reason = `the run printed no summary and ended with ${exitCode}: ${lastWords}`;
	return {
		cell,
		passed: 0,
		failed: 0,
		broken: 1,
		skipped: 0,
		red: [{cell, title: 'the run prints a summary', verdict: 'broken', reason}],
		metrics: {},
		notices: [],
	};
}
