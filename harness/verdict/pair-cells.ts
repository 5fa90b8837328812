/** Finds for each cell of a run the cell of the baseline that it is to be compared with. Pure. */
import {type Cell, countsOf, type NodeSpec, stackOf, uniform, type VersionChange, variantOf} from '../model/index.ts';

/**
 * Returns the pairs, by the id of the cell of now. Cells with the same id are a pair. Of the others, those are paired that have the
 * same provider, stack and number of nodes: first the pairs that differ least in kernel, engine, variant and size of nodes. Each
 * cell is in one pair at most.
 */
export function pairCells(now: readonly Cell[], before: readonly Cell[]): Map<string, Cell> {
	const byId = new Map(before.map(each => [each.id, each]));
	const pairs = new Map(now.flatMap(({id}) => (byId.has(id) ? [[id, byId.get(id)!] as const] : [])));
	const left = now.filter(({id}) => !pairs.has(id));
	const free = new Set(before.filter(({id}) => !pairs.has(id)));
	const candidates = left
		.flatMap(cell => [...free].filter(each => frameOf(each) === frameOf(cell)).map(each => ({cell, each})))
		.map(each => ({...each, distance: distanceOf(each.cell, each.each)}))
		.sort((a, b) => a.distance - b.distance);
	for (const {cell, each} of candidates) {
		if (!pairs.has(cell.id) && free.delete(each)) {
			pairs.set(cell.id, each);
		}
	}

	return pairs;
}

/** Returns what of a cell the results cannot be compared without. */
function frameOf(cell: Cell): string {
	return JSON.stringify([cell.provider, stackOf(cell)?.kind, countsOf(cell)]);
}

const engineOf = ({engine}: NodeSpec) => engine.label;
const kernelOf = ({kernel}: NodeSpec) => kernel.label;

function distanceOf(one: Cell, other: Cell): number {
	const size = ({memory, cpus}: NodeSpec) => `${memory} ${cpus}`;
	return (
		seriesDistance(uniform(one, engineOf), uniform(other, engineOf)) +
		seriesDistance(uniform(one, kernelOf), uniform(other, kernelOf)) +
		(uniform(one, variantOf) === uniform(other, variantOf) ? 0 : 4) +
		(uniform(one, size) === uniform(other, size) ? 0 : 1)
	);
}

/** 0 for the same version, 1 for one of the same series (`26.1`), 3 for another. */
function seriesDistance(one: string, other: string): number {
	const series = (version: string) => version.split('.').slice(0, 2).join('.');
	return one === other ? 0 : series(one) === series(other) ? 1 : 3;
}

/** Returns in what two cells differ that their results may come from. */
export function versionChanges(now: Cell, before: Cell): VersionChange[] {
	const of: [axis: VersionChange['axis'], of: (node: NodeSpec) => string][] = [
		['engine', ({engine}) => versionText(engine.version, engine.source)],
		['kernel', ({kernel}) => versionText(kernel.release, kernel.source)],
		['variant', variantOf],
	];
	return of.flatMap(([axis, text]) => {
		const [was, is] = [uniform(before, text), uniform(now, text)];
		return was === is ? [] : [{cell: now.id, axis, before: was, now: is}];
	});
}

/** `28.5.2 (docker.io 28.5.2+dfsg1-1)`: a package may be built again with the same version of the engine. */
function versionText(version: string, source: NodeSpec['engine']['source'] | NodeSpec['kernel']['source']): string {
	return source.type === 'package' ? `${version} (${source.package.name} ${source.package.version})` : version;
}
