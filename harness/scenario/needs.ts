/** What a scenario needs from its cell, as data. */
import {type Cell, countsOf, type Isolation, uniform} from '../model/index.ts';
import type {oldNames} from '../old-names.ts';
import {counted} from '../record/counted.ts';
import {oneOf, type Rules, seconds, trueOrFalse, whole} from './announced.ts';

export interface Needs {
	/** Minimum number of managers; 1 by default. */
	managers?: number;
	/** Minimum number of workers; 0 by default. */
	workers?: number;
	/** First engine version that has the claimed feature, such as `18.06`. */
	engine?: string;
	/** The cluster on which the scenario runs; `shared` by default. Use `fresh` if it takes nodes out of the swarm. */
	cluster?: Isolation | keyof typeof oldNames.clusters;
	/** Seconds that the proof may take; `limits.scenario` by default. */
	limit?: number;
}

/** The valid values of each need. A fixture is what `fixture()` returns. */
export const needsRules: Rules<Needs & {fixture: unknown; modifies?: boolean}> = {
	managers: whole(1, 7),
	workers: whole(0, 20),
	engine: {
		valid: "a version, such as '18.06'",
		fits: value => typeof value === 'string' && /^\d+(\.\d+)*$/.test(value),
	},
	cluster: oneOf(['shared', 'fresh', 'new'] satisfies Isolation[]),
	limit: seconds,
	fixture: {
		valid: 'what fixture(name, make) returns',
		fits: value => typeof value === 'object' && value !== null && 'make' in value,
	},
	modifies: trueOrFalse,
};

/** Returns what the cell lacks, in one sentence; undefined when it has everything that the scenario needs. */
export function lacking(cell: Pick<Cell, 'nodes'>, needs: Needs): string | undefined {
	const there = countsOf(cell);
	const {managers = 1, workers = 0, engine: version} = needs;
	if (there.managers < managers) {
		return `needs ${counted(managers, 'manager')}, the cell has ${there.managers}`;
	}

	if (there.workers < workers) {
		return `needs ${counted(workers, 'worker')}, the cell has ${there.workers}`;
	}

	const isOlder = (engine: string) => version && engine.localeCompare(version, 'en', {numeric: true}) < 0;
	return cell.nodes.some(({engine}) => isOlder(engine.version))
		? `needs Docker ${version} or newer, the cell has ${uniform(cell, ({engine}) => engine.version)}`
		: undefined;
}
