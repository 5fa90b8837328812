/** Reads runs so that they can be compared: their summaries, what was measured in each repetition, and evidence. */
import path from 'node:path';
import type {Tried} from '../compare/claims.ts';
import type {EvidenceReader} from '../compare/compare.ts';
import {type RunRead, valuesKey} from '../compare/sides.ts';
import {readEvidence} from '../evidence/folder.ts';
import {type Event, type Result, scenarioId} from '../model/index.ts';
import {findRun} from '../record/find.ts';
import {eachEvent} from '../record/record.ts';
import {summarise} from '../record/summary/summarise.ts';

/** Reads a run. `name` is as for `swarmlab report`. Throws UsageError. */
export function readRun(name: string): RunRead {
	const folder = findRun(name);
	const passed: Passed[] = [];
	const problems: string[] = [];
	const summary = summarise(noting(eachEvent(folder, problems), passed), problems);
	return {folder, summary, values: valuesOf(passed)};
}

/** What a try measured, small: a run may have 100,000 of them. */
type Passed = Pick<Result, 'cell' | 'title' | 'file' | 'repetition' | 'seconds' | 'metrics'>;

/** Notes what each try measured, while the events are read. One that did not pass says nothing about how long it takes. */
function* noting(events: Iterable<Event>, passed: Passed[]): Generator<Event> {
	for (const event of events) {
		if (event.event === 'result' && event.result.verdict === 'passed') {
			const {cell, title, file, repetition, seconds, metrics} = event.result;
			passed.push({cell, title, file, repetition, seconds, metrics});
		}

		yield event;
	}
}

/** Without repetitions there is no scatter, so nothing can be said about differences. */
function valuesOf(passed: readonly Passed[]): RunRead['values'] {
	const values = new Map<string, Record<string, number[]>>();
	if (passed.every(({repetition}) => repetition === 1)) {
		return values;
	}

	for (const each of passed) {
		const key = valuesKey(each.cell, scenarioId(each));
		const known = values.get(key) ?? {};
		values.set(key, known);
		for (const [metric, value] of Object.entries({seconds: each.seconds, ...each.metrics})) {
			const before = known[metric] ?? [];
			known[metric] = before;
			before.push(value);
		}
	}

	return values;
}

/** Returns a reader that reads each folder of evidence once. */
export function evidenceReader(): EvidenceReader {
	const known = new Map<string, ReturnType<EvidenceReader>>();
	return tried => {
		const folders = evidenceFolders(tried);
		const all = folders.map(folder => {
			const read = known.get(folder) ?? readOne(folder);
			known.set(folder, read);
			return read;
		});
		return {evidence: all.flatMap(({evidence}) => evidence), problems: all.flatMap(({problems}) => problems)};
	};
}

function readOne(folder: string): ReturnType<EvidenceReader> {
	try {
		return {evidence: [readEvidence(folder)], problems: []};
	} catch (error) {
		return {evidence: [], problems: [(error as Error).message]};
	}
}

function evidenceFolders({member: {run}, case: {evidence}}: Tried): string[] {
	return evidence
		.filter(file => /\/evidence\/[^/]+\/index\.json$/.test(file))
		.map(file => path.join(run.folder, path.dirname(file)));
}
