/** Warnings about a matrix that is valid but probably not intended. Pure. */
import {type Cell, countsOf, uniform} from '../model/index.ts';

/** What this host has. */
export interface HostSize {
	/** MiB, free or not. */
	memory: number;
	cpus: number;
}

/**
 * Returns a sentence for each problem: machines that are larger than the host, and an even number of managers, the last of
 * which adds no safety.
 */
export function remarksOn(cells: readonly Cell[], host: HostSize): string[] {
	return [...new Set(cells.flatMap(cell => [...beyond(cell, host), ...even(cell)]))];
}

function beyond(cell: Cell, host: HostSize): string[] {
	const {nodes} = cell;
	const wanted = nodes.reduce((sum, {memory}) => sum + memory, 0);
	const cpus = Math.max(...nodes.map(each => each.cpus));
	return [
		...(wanted > host.memory
			? [
					`${nodes.length} × ${uniform(cell, ({memory}) => memory)} MiB are ${wanted} MiB, and this host has ${host.memory} MiB: --memory, --workers or --managers.`,
				]
			: []),
		...(cpus > host.cpus
			? [`${cpus} CPUs in each machine are more than the ${host.cpus} of this host: machines only get slower. --cpus`]
			: []),
	];
}

function even(cell: Cell): string[] {
	const {managers} = countsOf(cell);
	return managers % 2 === 0
		? [
				`${managers} managers are an even number: they bear the loss of ${managers / 2 - 1}, as ${managers - 1} ${managers === 2 ? 'does' : 'do'}. Use ${managers - 1} or ${managers + 1}.`,
			]
		: [];
}
