/** Converts what a program asks for to a cell, by the same rules as the options of the command line. */
import type {Packages} from '../artifacts/packages/packages.ts';
import type {Cell} from '../model/index.ts';
import {readCells, readConfig, readPackages} from '../plan/resolve.ts';

/** What is asked for. */
export interface Wish {
	/** As for `--docker`: `28.5`, a package, a tarball. Without: as the config says, else this host's own release. */
	engine?: string | undefined;
	managers: number;
	workers: number;
	/** Memory of each node, MiB. */
	memory?: number | undefined;
	/** Receives a line for each step that takes a while. */
	print: (line: string) => void;
}

/** Returns the cell, and the packages that it is made of. Throws UsageError, HostError. */
export async function planCell(wish: Wish): Promise<{cell: Cell; packages: Packages}> {
	const {engine, managers, workers, memory, print} = wish;
	const flags = {
		provider: ['container'],
		managers: String(managers),
		workers: String(workers),
		...(engine !== undefined && {docker: [engine]}),
		...(memory !== undefined && {memory: String(memory)}),
	};
	const loaded = await readConfig(flags);
	const packages = await readPackages(loaded);
	const about = {swarms: true, stacks: false, exercises: false};
	const [cell] = await readCells(loaded, packages, flags, about, print);
	return {cell: cell!, packages};
}
