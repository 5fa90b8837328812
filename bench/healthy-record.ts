/** What the healthy bench keeps of each run: a line of a file, so that an interrupted bench goes on where it was. */
import {uniform} from '../harness/model/index.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import type {PlannedRun} from './healthy-plan.ts';

export interface Red {
	cell: string;
	title: string;
	verdict: 'failed' | 'broken';
	reason: string;
}

export interface HealthyRun extends PlannedRun {
	/** ISO 8601, UTC: when it began. */
	at: string;
	seed: number;
	/** Scenario files and options that were asked for: runs of another kind do not belong into the same table. */
	asked: string[];
	exitCode: number;
	seconds: number;
	/** `kernel 6.1.0-56-cloud-amd64, Docker 20.10.24`; what was asked for where it never came so far. */
	cell: string;
	passed: number;
	failed: number;
	broken: number;
	skipped: number;
	/** Every result that is red. It is never tried again. */
	red: Red[];
	/** Values by name, over all scenarios of the run. */
	metrics: Record<string, number[]>;
	/** What is not red, and yet not as it should be: infrastructure that was tried again, warnings, leftovers. */
	told: string[];
}

type HealthyOutcome = Omit<HealthyRun, keyof PlannedRun | 'at' | 'seed' | 'asked' | 'exitCode' | 'seconds'>;

/**
 * What a run came to, from its summary. That a cell came up is no result, but red where it did not; and so is an exit code
 * that nothing red explains (a run that proved nothing). Of an interrupted run only what was told before counts.
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
		told: toldOf(summary),
	};
}

function reasonsOf({cells}: RunSummary): string {
	return cells.map(({reason}) => reason?.message ?? 'nothing was proven').join('; ');
}

function toldOf({cells, notices, leftovers, problems}: RunSummary): string[] {
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

/** A run that told nothing of itself: that is red as well. */
export function outcomeOfNothing(
	{kernel, docker}: PlannedRun,
	exitCode: number | string,
	lastWords: string,
): HealthyOutcome {
	const cell = `kernel ${kernel}, Docker ${docker}`;
	const reason = `the run told no summary and ended with ${exitCode}: ${lastWords}`;
	return {
		cell,
		passed: 0,
		failed: 0,
		broken: 1,
		skipped: 0,
		red: [{cell, title: 'the run tells a summary', verdict: 'broken', reason}],
		metrics: {},
		told: [],
	};
}
