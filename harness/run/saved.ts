/** Cells saved by name, for the commands. */
import type {Packages} from '../artifacts/packages/packages.ts';
import {createArtifactSource} from '../provision/artifacts.ts';
import type {Target} from '../provision/request.ts';
import {type CellUp, printingLog} from './by-hand.ts';
import {providerOf, realDependencies} from './dependencies.ts';

export {
	findSaved,
	leaveMachines,
	listSaved,
	problemOfName,
	requireRestorable,
	type SavedCell,
	saveCell,
	savedFolder,
} from '../provision/saved.ts';

/** Returns what a cell that is up was made of: its artifacts are in the cache, or are built again. Throws ArtifactError. */
export async function targetOf(
	{handle: {cell}}: CellUp,
	packages: Packages,
	print: (line: string) => void,
): Promise<Target> {
	const provider = providerOf(cell, realDependencies);
	return {
		cell,
		provider,
		artifacts: await createArtifactSource(packages, printingLog(print).artifact).forCell(cell, provider),
	};
}
