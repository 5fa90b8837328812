/** What is kept of the machines when a claim did not pass: a folder named after it, one for each repetition. */
import path from 'node:path';
import {type EvidenceOptions, takeEvidence} from '../evidence/evidence.ts';
import type {Machine} from '../machine/index.ts';
import type {Job, PlannedScenario} from '../model/index.ts';
import {runFolder, unused} from './cell.ts';
import {folderAfter} from './naming.ts';

/** Files, relative to the run folder. Never throws: what cannot be gathered must not cost the result. */
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
 * As `gather`, but once for each error: what several claims wait for fails each of them with the very same error, and one look
 * is enough.
 */
export async function gatherOnce(error: unknown, ...request: Parameters<typeof gather>): Promise<string[]> {
	const known = error instanceof Error ? gathered.get(error) : undefined;
	const files = known ?? (await gather(...request));
	if (error instanceof Error) {
		gathered.set(error, files);
	}

	return files;
}
