/** What the history keeps of a run: its cells, their results with every try, versions and the host. Pure. */
import type {Cell, Event, HostFacts, Verdict} from '../model/index.ts';
import {scenarioId} from '../model/index.ts';
import {exitCode} from '../record/summary/exit-code.ts';
import {summarise} from '../record/summary/summarise.ts';
import type {CaseSummary, CaseVerdict, RunSummary} from '../record/summary/summary.ts';

/** One try of a claim. */
export interface PastTry {
	verdict: Verdict;
	seconds: number;
	metrics: Record<string, number>;
}

/** One claim on one cell of a run. */
export interface PastResult {
	/** `scenarioId`. */
	id: string;
	title: string;
	/** Empty for what the harness itself claims: that the cell came up. */
	file: string;
	verdict: CaseVerdict;
	seconds: number;
	/** Why it is not passed; empty if it is. */
	message: string;
	/** What was expected of it; absent: nothing. */
	expectation?: CaseSummary['expectation'];
	/** In their order; empty for a result that only the summary has, for example of a claim that was never reached. */
	tries: PastTry[];
}

export interface PastCell {
	cell: Cell;
	state: string;
	seconds: number;
	results: PastResult[];
}

export interface PastRun {
	run: string;
	/** ISO 8601, UTC; empty if nothing was recorded. */
	startedAt: string;
	seconds: number;
	state: RunSummary['state'];
	exitCode: number;
	command: string[];
	/** Absent if the record lost its first line. */
	host?: HostFacts;
	cells: PastCell[];
	/** What could not be read, one sentence each. */
	problems: string[];
}

/** Returns what the history keeps of these events. `problems` are those of reading them; they are read after the last event. */
export function pastRun(events: Iterable<Event>, problems: readonly string[] = []): PastRun {
	const tries = new Map<string, PastTry[]>();
	const summary = summarise(noting(events, tries), problems);
	const {run, startedAt, seconds, state, command, host} = summary;
	return {
		...{run, startedAt, seconds, state, command},
		exitCode: exitCode(summary),
		...(host && {host}),
		problems: summary.problems,
		cells: summary.cells.map(({cell, state, seconds, cases}) => ({
			...{cell, state, seconds},
			results: cases.map(each => resultOf(each, tries.get(keyOf(cell.id, each.id)) ?? [])),
		})),
	};
}

function* noting(events: Iterable<Event>, tries: Map<string, PastTry[]>): Generator<Event> {
	for (const event of events) {
		if (event.event === 'result') {
			const {cell, verdict, seconds, metrics} = event.result;
			const key = keyOf(cell, scenarioId(event.result));
			const those = tries.get(key) ?? [];
			tries.set(key, those);
			those.push({verdict, seconds, metrics});
		}

		yield event;
	}
}

function keyOf(cell: string, id: string): string {
	return `${cell}\n${id}`;
}

function resultOf(of: CaseSummary, tries: PastTry[]): PastResult {
	const {id, file, verdict, seconds, reason, expectation} = of;
	const title = id.slice(id.indexOf('\n') + 1);
	const message = reason?.message ?? '';
	return {...{id, title, file, verdict, seconds, message}, ...(expectation && {expectation}), tries};
}
