/** Keeps evidence of the machines when a claim did not pass, in a folder named after the claim, one for each repetition. */
import path from 'node:path';
import {type EvidenceOptions, takeEvidence} from '../evidence/evidence.ts';
import type {Machine} from '../machine/index.ts';
import type {Job, PlannedScenario} from '../model/index.ts';
import {runFolder, unused} from './cell.ts';
import {folderAfter} from './naming.ts';

/** Returns the files, relative to the run folder. Never throws: the result must be kept even if evidence cannot be gathered. */
async function gather(
	{cell, assignment: {repetition}}: Job,
	{title}: PlannedScenario,
	machines: readonly Machine[],
	options: Omit<EvidenceOptions, 'folder'>,
): Promise<string[]> {
	const again = repetition === 1 ? '' : `-${repetition}`;
	const folder = unused(path.join(cell.folder, 'evidence', `${folderAfter(title)}${again}`));
	const files = await takeEvidence(machines, cell, {...options, folder});
	return files.map(file => path.relative(runFolder(cell), file));
}

const gathered = new WeakMap<object, string[]>();

/**
 * Does the same as `gather`, but once for each error. Several claims that wait for the same thing fail with the same error
 * object, and evidence is needed once.
 */
export async function gatherOnce(error: unknown, ...request: Parameters<typeof gather>): Promise<string[]> {
	const known = error instanceof Error ? gathered.get(error) : undefined;
	const files = known ?? (await gather(...request));
	if (error instanceof Error) {
		gathered.set(error, files);
	}

	return files;
}
