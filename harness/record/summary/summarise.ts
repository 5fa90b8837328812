/** Makes the summary that reports need from the record of a run. */
import type {Claim, Event} from '../../model/index.ts';
import {claimOf, isLost, summariseCell} from './cell.ts';
import {emptyCell, type GatheredRun, gather} from './gather.ts';
import type {Ending} from './missing.ts';
import {namesOf} from './names.ts';
import {provision, secondsBetween} from './provision.ts';
import {type ArtifactSummary, type Counts, noCounts, type RunSummary} from './summary.ts';

export type {RunSummary} from './summary.ts';

/**
 * Makes the summary of a run from its events. If the run is under way or was killed, scenarios without a result are `broken`.
 * `problems` are those of reading the record; they are read after the last event. Pure; never throws for a record that is
 * cut off.
 */
export function summarise(events: Iterable<Event>, problems: readonly string[] = []): RunSummary {
	const gathered = gather(events);
	const {started, finished} = gathered;
	const ending = endingOf(gathered);
	const startedAt = started?.at ?? gathered.first ?? '';
	const endedAt = finished?.at ?? gathered.last ?? startedAt;
	const {knownFailures = []} = started ?? {};
	const announced = started?.cells ?? [];
	const ids = new Set(announced.map(each => each.id));
	const nameOf = namesOf(claimsOf(gathered));
	const unplaced = [...gathered.cells].filter(([id]) => !ids.has(id));
	const cells = announced.map(cell => {
		const its = gathered.cells.get(cell.id) ?? emptyCell();
		const made = summariseCell(cell, its, {...gathered, knownFailures, nameOf, ending, startedAt, endedAt});
		// The places of its tries are not needed any more. In a large run they take a hundred MB.
		its.tries.clear();
		return made;
	});
	return {
		run: started?.run ?? 'unknown',
		command: started?.command ?? [],
		...ending,
		startedAt,
		seconds: finished?.seconds ?? secondsBetween(startedAt, endedAt),
		...(started && {host: {...started.host, ...gathered.accelerator}}),
		scenarios: [...gathered.scenarios.values()],
		...(started?.seed !== undefined && {seed: started.seed}),
		...(gathered.nightly && {nightly: gathered.nightly}),
		...(gathered.attributions.length > 0 && {attributions: gathered.attributions}),
		cells,
		counts: sum(cells.map(each => each.counts)),
		flaky: cells.reduce((all, {cases}) => all + cases.filter(each => each.flaky).length, 0),
		artifacts: artifactsOf(gathered.artifacts),
		notices: gathered.notices,
		leftovers: gathered.leftovers,
		problems: [
			...problems,
			...unplaced
				.filter(([, {tries}]) => tries.size > 0)
				.map(([cell]) => `There are results of the cell ${cell}, which was not announced; they are left out.`),
		],
	};
}

/** Yields every claim that has a case. A line that has lost its file adds no claim. */
function* claimsOf({cells, scenarios}: GatheredRun): Generator<Claim> {
	yield provision;
	yield* scenarios.values();
	for (const {tries} of cells.values()) {
		for (const id of tries.keys()) {
			if (!scenarios.has(id) && !isLost(id)) {
				yield claimOf(id);
			}
		}
	}
}

function endingOf({signal, finished}: GatheredRun): Ending {
	return signal === undefined ? {state: finished ? 'finished' : 'unfinished'} : {state: 'interrupted', signal};
}

function sum(all: Counts[]): Counts {
	const counts = noCounts();
	for (const each of all) {
		for (const verdict of Object.keys(counts) as (keyof Counts)[]) {
			counts[verdict] += each[verdict];
		}
	}

	return counts;
}

function artifactsOf(events: GatheredRun['artifacts']): ArtifactSummary[] {
	const artifacts = new Map<string, ArtifactSummary>();
	for (const each of events) {
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
