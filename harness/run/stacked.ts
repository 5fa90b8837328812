/** The outcome of stack.sh as results: its own, and those of the scenarios that could not run without a cloud. */
import path from 'node:path';
import type {StackOutcome} from '../devstack/index.ts';
import type {Cell, Origin, PlannedScenario, Reason, Result, Verdict} from '../model/index.ts';
import {notProvisioned} from '../record/summary/missing.ts';
import {isBelow} from '../shown.ts';
import type {RunContext} from './context.ts';

/** Emits the result of stack.sh for each file that claims it. If it failed, the other scenarios are skipped for that reason. */
export function emitStackResults(context: RunContext, cell: Cell, outcome: StackOutcome, origin?: Origin): void {
	const {scenarios, folder, emit} = context;
	const {failure} = outcome;
	const shared = {cell, origin};
	const judged = failure ? {verdict: verdictOf(outcome), reason: reasonOf(outcome)} : {verdict: 'passed' as const};
	const claimed = scenarios.filter(({stack}) => stack?.byRun);
	const own = claimed.length > 0 ? claimed : [{title: 'stack.sh completes', file: scenarios[0]?.file ?? ''}];
	for (const scenario of own) {
		const result = {
			...resultOf(scenario, shared),
			...judged,
			seconds: outcome.seconds,
			metrics: metricsOf(outcome),
			evidence: outcome.files.filter(file => isBelow(folder, file)).map(file => path.relative(folder, file)),
			log: logOf(outcome, origin),
		};
		emit({event: 'result', result});
	}

	if (!failure) {
		return;
	}

	const reason: Reason = {message: `stack.sh did not complete: ${failure.message}`, type: notProvisioned, details: ''};
	for (const scenario of scenarios.filter(({stack}) => !stack?.byRun)) {
		emit({event: 'result', result: {...resultOf(scenario, shared), verdict: 'skipped', reason}});
	}
}

/** A failure that is known to come from the machine or the network is not a failure of DevStack. */
function verdictOf({failure}: StackOutcome): Verdict {
	return failure?.signature?.blame === 'lab' ? 'broken' : 'failed';
}

function reasonOf({failure, earlier}: StackOutcome): Reason {
	const {message, signature, line, trace, lastWords, aftermath} = failure!;
	const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);
	return {
		message,
		type: signature?.name ?? 'StackFailed',
		details: [
			message,
			...section('The line that shows it:', line === undefined ? [] : [line]),
			...section('Call trace, outermost first:', trace),
			...section(
				'Tried before:',
				earlier.map(each => `${each.failure.message}; then swarmlab ${each.done}`),
			),
			...section('Last lines before it gave up:', lastWords),
			...section('Said after that, and not the cause:', aftermath),
		].join('\n'),
		remedy: signature?.remedy,
	};
}

function metricsOf({seconds, log: {times}}: StackOutcome): Record<string, number> {
	const components = Object.entries(times?.components ?? {}).map(([name, each]) => [`stack.sh ${name}`, each]);
	return {'stack.sh': seconds, ...Object.fromEntries(components)};
}

function logOf({seconds, log: {versions}, earlier}: StackOutcome, origin: Origin | undefined): string[] {
	return [
		...(origin === 'fixture snapshot'
			? [`restored: stack.sh took ${seconds.toFixed(1)} s when the snapshot of this machine was made`]
			: []),
		...earlier.map(({failure, done}) => `the first try failed (${failure.message}); swarmlab ${done}`),
		...Object.entries(versions).map(([name, value]) => `${name}: ${value}`),
	];
}

function resultOf(
	{title, file, line}: PlannedScenario,
	{cell, origin}: {cell: Cell; origin?: Origin},
): Omit<Result, 'verdict'> {
	return {
		cell: cell.id,
		title,
		file,
		line,
		origin,
		repetition: 1,
		startedAt: new Date().toISOString(),
		seconds: 0,
		metrics: {},
		evidence: [],
		log: [],
	};
}
