/** What a scenario needs of a cell, as data. */
import type {Machine} from '../machine/index.ts';
import {type Cell, type CellHandle, countsOf, type FaultPlace, type Isolation, uniform} from '../model/index.ts';
import type {oldNames} from '../old-names.ts';
import {counted} from '../record/counted.ts';
import {type KernelFeature, kernelFeatures, lackingFor} from '../swarm/index.ts';
import {listOf, oneOf, type Rules, seconds, trueOrFalse, whole} from './announced.ts';

export interface Needs {
	/** Minimum number of managers; 1 by default. */
	managers?: number;
	/** Minimum number of workers; 0 by default. */
	workers?: number;
	/** First engine version that has the claimed feature, such as `18.06`. */
	engine?: string;
	/** What the kernel of every machine must have: `ip_vs` for virtual addresses and the routing mesh. */
	kernel?: readonly KernelFeature[];
	/** True: the nodes are upgraded, so the cell must have engines to upgrade to: `--upgrade`. */
	upgrade?: boolean;
	/**
	 * Where its faults are put: `link` for those on links, `node` for those in nodes, `machine` for those of clock, disk, memory
	 * and modules, `power` for power-off, reboot and pause. It is skipped where the provider can have none.
	 */
	faults?: readonly FaultPlace[];
	/**
	 * True: it is also claimed that every node has what the managers report, while the scenario runs and at its end. Otherwise a
	 * difference at the end is shown, and the verdict stays.
	 */
	agrees?: boolean;
	/** Which cluster it is proven on; default: `shared`. A scenario that takes nodes out of the swarm needs `fresh`. */
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
	kernel: listOf(kernelFeatures),
	upgrade: trueOrFalse,
	agrees: trueOrFalse,
	faults: listOf(['link', 'node', 'machine', 'power'] satisfies FaultPlace[]),
	cluster: oneOf(['shared', 'fresh', 'new'] satisfies Isolation[]),
	limit: seconds,
	fixture: {
		valid: 'what fixture(name, make) returns',
		fits: value => typeof value === 'object' && value !== null && 'make' in value,
	},
	modifies: trueOrFalse,
};

/** Returns what the cell lacks, in one sentence; undefined when it has everything that the scenario needs. */
export function lacking(cell: Pick<Cell, 'nodes' | 'upgrade'>, needs: Needs): string | undefined {
	const there = countsOf(cell);
	const {managers = 1, workers = 0, engine: version} = needs;
	if (there.managers < managers) {
		return `needs ${counted(managers, 'manager')}, the cell has ${there.managers}`;
	}

	if (there.workers < workers) {
		return `needs ${counted(workers, 'worker')}, the cell has ${there.workers}`;
	}

	if (needs.upgrade && !cell.upgrade) {
		return 'needs an engine to upgrade to: --upgrade';
	}

	const isOlder = (engine: string) => version && engine.localeCompare(version, 'en', {numeric: true}) < 0;
	return cell.nodes.some(({engine}) => isOlder(engine.version))
		? `needs Docker ${version} or newer, the cell has ${uniform(cell, ({engine}) => engine.version)}`
		: undefined;
}

const places: Record<FaultPlace, string> = {
	link: 'on links',
	node: 'in nodes',
	machine: 'of clock, disk, memory and modules',
	power: 'of power',
};

/** Returns where the cell can have no faults though the scenario puts some there, in one sentence; undefined if there is no such place. */
export function lackingFaults(cell: Pick<CellHandle, 'cell' | 'faults'>, {faults = []}: Needs): string | undefined {
	const lack = faults.filter(place => !cell.faults?.includes(place));
	return lack.length > 0
		? `needs faults ${lack.map(place => places[place]).join(' and ')}, which the provider ${cell.cell.provider} cannot have`
		: undefined;
}

/** Why the kernels of these machines do not do, in one sentence; undefined when they do. */
export async function lackingKernel(machines: readonly Machine[], {kernel = []}: Needs): Promise<string | undefined> {
	if (kernel.length === 0) {
		return undefined;
	}

	const lacking = await Promise.all(machines.map(async machine => lackingFor(machine, kernel)));
	const [first] = lacking.filter(({modules}) => modules.length > 0);
	return first && `kernel ${first.release} lacks ${first.modules.join(', ')}`;
}
