/** What a cell lacks of what a scenario needs, in one sentence. */
import {isInText} from '../expect/range.ts';
import {versionOf} from '../expect/relation.ts';
import type {Machine} from '../machine/index.ts';
import {type Cell, type CellHandle, countsOf, type FaultPlace, uniform, variantOf} from '../model/index.ts';
import {counted} from '../record/counted.ts';
import {lackingFor} from '../swarm/index.ts';
import type {Needs} from './needs.ts';

/** Returns what the cell lacks, in one sentence; undefined when it has everything that the scenario needs. */
export function lacking(cell: Pick<Cell, 'nodes' | 'upgrade'>, needs: Needs): string | undefined {
	const there = countsOf(cell);
	const {managers = 1, workers = 0} = needs;
	if (there.managers < managers) {
		return `needs ${counted(managers, 'manager')}, the cell has ${there.managers}`;
	}

	if (there.workers < workers) {
		return `needs ${counted(workers, 'worker')}, the cell has ${there.workers}`;
	}

	if (there.outsiders < (needs.outsiders ?? 0)) {
		return `needs ${counted(needs.outsiders!, 'outsider')}, the cell has ${there.outsiders}: --outsiders`;
	}

	if (needs.upgrade && !cell.upgrade) {
		return 'needs an engine to upgrade to: --upgrade';
	}

	if (needs.variant && cell.nodes.some(node => variantOf(node) !== needs.variant?.id)) {
		return `needs the variant ${needs.variant.id}, the cell has ${uniform(cell, variantOf)}: swarmlab reproduce brings it up`;
	}

	return lackingVersions(cell, needs);
}

function lackingVersions(cell: Pick<Cell, 'nodes'>, {engine = '*', kernelVersion = '*'}: Needs): string | undefined {
	// A bare version is the first one that does.
	const isFirst = /^\d+(\.\d+)*$/.test(engine);
	const range = isFirst ? `>=${engine}` : engine;
	if (cell.nodes.some(each => !isInText(each.engine.version, range))) {
		const has = uniform(cell, each => each.engine.version);
		return `needs Docker ${isFirst ? `${engine} or newer` : engine}, the cell has ${has}`;
	}

	return cell.nodes.some(({kernel}) => !isInText(versionOf(kernel), kernelVersion))
		? `needs a kernel ${kernelVersion}, the cell has ${uniform(cell, ({kernel}) => versionOf(kernel))}`
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
