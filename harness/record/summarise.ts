/** The record of a run, as reports need it. */
import type {Event, HostFacts} from '../model.ts';
import {summariseCell} from './cell.ts';
import type {Ending} from './missing.ts';
import {secondsBetween} from './provision.ts';
import {type ArtifactSummary, count, type RunSummary} from './summary.ts';

export type {RunSummary} from './summary.ts';

/**
 * Makes the summary of a run from its events, also of a run that is under way or was killed: what was announced and
 * has no result is `broken` then. `problems` are those of reading the record. Pure; never throws for a record that is cut off.
 */
export function summarise(events: readonly Event[], problems: readonly string[] = []): RunSummary {
	const started = events.find(each => each.event === 'run-started');
	const finished = events.find(each => each.event === 'run-finished');
	const ending = endingOf(events);
	const startedAt = started?.at ?? events[0]?.at ?? new Date(0).toISOString();
	const endedAt = finished?.at ?? events.at(-1)?.at ?? startedAt;
	// A record may have lost its start, and a scenario of a hand-made cell may have two lines in it.
	const scenarios = [
		...new Map((started?.scenarios ?? []).map(each => [`${each.file}\n${each.title}`, each])).values(),
	];
	const cells = (started?.cells ?? []).map(cell =>
		summariseCell(cell, {events, scenarios, ending, startedAt, endedAt}),
	);
	const cases = cells.flatMap(each => each.cases);
	return {
		run: started?.run ?? 'unknown',
		command: started?.command ?? [],
		...ending,
		startedAt,
		seconds: finished?.seconds ?? secondsBetween(startedAt, endedAt),
		...(started && {host: {...started.host, ...provenAccelerator(events)}}),
		scenarios,
		...(started?.seed !== undefined && {seed: started.seed}),
		cells,
		counts: count(cases.map(each => each.verdict)),
		flaky: cases.filter(each => each.flaky).length,
		artifacts: artifactsOf(events),
		notices: events.flatMap(each =>
			each.event === 'notice' && !each.cell ? [{level: each.level, message: each.message}] : [],
		),
		leftovers: events.flatMap(each =>
			each.event === 'leftover' && !each.cell ? [{what: each.what, why: each.why}] : [],
		),
		problems: [...problems, ...unplaced(events, new Set(cells.map(each => each.cell.id)))],
	};
}

function provenAccelerator(events: readonly Event[]): Partial<HostFacts> {
	const proof = events.findLast(each => each.event === 'accelerator');
	return proof ? {accelerator: proof.accelerator, acceleratorReason: proof.reason} : {};
}

function endingOf(events: readonly Event[]): Ending {
	const interrupted = events.find(each => each.event === 'run-interrupted');
	if (interrupted) {
		return {state: 'interrupted', signal: interrupted.signal};
	}

	return {state: events.some(each => each.event === 'run-finished') ? 'finished' : 'unfinished'};
}

function artifactsOf(events: readonly Event[]): ArtifactSummary[] {
	const artifacts = new Map<string, ArtifactSummary>();
	for (const each of events) {
		if (each.event !== 'artifact') {
			continue;
		}

		const {kind, label, state, key, seconds, detail} = each;
		const known = artifacts.get(`${kind} ${label}`) ?? {kind, label, states: []};
		artifacts.set(`${kind} ${label}`, {
			...known,
			states: known.states.includes(state) ? known.states : [...known.states, state],
			...(key && {key}),
			...(seconds !== undefined && {seconds}),
			...(detail && {detail}),
		});
	}

	return [...artifacts.values()];
}

function unplaced(events: readonly Event[], cells: Set<string>): string[] {
	const strangers = new Set(
		events.flatMap(each => (each.event === 'result' && !cells.has(each.result.cell) ? [each.result.cell] : [])),
	);
	return [...strangers].map(
		cell => `There are results of the cell ${cell}, which was not announced; they are left out.`,
	);
}
