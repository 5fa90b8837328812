/** How long cells and scenarios took the last time. It only serves to start the longest first, so a guess is good enough. */
import path from 'node:path';
import {type Claim, type Event, scenarioId} from '../model/index.ts';
import * as paths from '../paths.ts';
import {listRuns} from '../record/find.ts';
import {readRecord} from '../record/record.ts';

/** Seconds. Cells and scenarios that never ran are not in it. */
export interface PastSeconds {
	/** By id. */
	cells: Record<string, number>;
	/** By scenarioId. The slowest cell of a run counts. */
	scenarios: Record<string, number>;
}

/** Reads the newest runs. The newest run that has a duration counts. Never throws: what cannot be read is left out. */
export function pastSeconds({runs = 10, folder = paths.runs} = {}): PastSeconds {
	// The newest run last, so that its durations replace older ones.
	const past = newest(runs, folder).map(name => secondsIn(eventsOf(path.join(folder, name))));
	return {
		cells: Object.assign({}, ...past.map(({cells}) => cells)),
		scenarios: Object.assign({}, ...past.map(({scenarios}) => scenarios)),
	};
}

/** Returns the durations of one run. Leaves out cells that did not come up or were tested only in part. Pure. */
export function secondsIn(events: readonly Event[]): PastSeconds {
	const past: PastSeconds = {cells: {}, scenarios: {}};
	for (const each of events) {
		if (each.event === 'cell-finished' && each.outcome.state === 'tested') {
			past.cells[each.cell] = each.seconds;
		} else if (each.event === 'result' && each.result.verdict !== 'skipped') {
			const id = scenarioId(each.result);
			past.scenarios[id] = Math.max(past.scenarios[id] ?? 0, each.result.seconds);
		}
	}

	return past;
}

/** Returns how long these scenarios took, one after the other; undefined if one of them is unknown. Pure. */
export function secondsTogether(claims: readonly Claim[], {scenarios}: PastSeconds): number | undefined {
	const ids = claims.map(scenarioId);
	return ids.some(id => scenarios[id] === undefined) ? undefined : ids.reduce((sum, id) => sum + scenarios[id]!, 0);
}

function newest(runs: number, folder: string): string[] {
	try {
		return listRuns(folder).slice(-runs);
	} catch {
		return [];
	}
}

function eventsOf(run: string): Event[] {
	try {
		return readRecord(run).events;
	} catch {
		return [];
	}
}
