/**
 * Keeps evidence of the machines when a claim did not pass, in a folder named after the claim, one for each repetition, and
 * names the causes that it shows.
 */
import path from 'node:path';
import {diagnose} from '../diagnosis/diagnose.ts';
import {type EvidenceOptions, takeEvidence} from '../evidence/evidence.ts';
import {readEvidence} from '../evidence/folder.ts';
import type {Machine} from '../machine/index.ts';
import type {Diagnosis, Job, PlannedScenario} from '../model/index.ts';
import {runFolder, unused} from './cell.ts';
import {folderAfter} from './naming.ts';

export interface Gathered {
	/** Relative to the run folder. */
	files: string[];
	/** Absent for a claim that has probes of its own, and if there is no evidence. */
	diagnosis?: Diagnosis;
}

/** Never throws: the result must be kept even if evidence cannot be gathered. */
async function gather(
	{cell, assignment: {repetition}}: Job,
	{title}: PlannedScenario,
	machines: readonly Machine[],
	options: Omit<EvidenceOptions, 'folder'>,
): Promise<Gathered> {
	const again = repetition === 1 ? '' : `-${repetition}`;
	const folder = unused(path.join(cell.folder, 'evidence', `${folderAfter(title)}${again}`));
	const files = await takeEvidence(machines, cell, {...options, folder});
	const diagnosis = options.rows === undefined ? diagnosisOf(folder) : undefined;
	return {files: files.map(file => path.relative(runFolder(cell), file)), ...(diagnosis && {diagnosis})};
}

function diagnosisOf(folder: string): Diagnosis | undefined {
	try {
		return diagnose(readEvidence(folder));
	} catch {
		// The disk is full, or the evidence is damaged: `swarmlab diagnose` tells.
		return undefined;
	}
}

const gathered = new WeakMap<object, Gathered>();

/**
 * Does the same as `gather`, but once for each error. Several claims that wait for the same thing fail with the same error
 * object, and evidence is needed once.
 */
export async function gatherOnce(error: unknown, ...request: Parameters<typeof gather>): Promise<Gathered> {
	const known = error instanceof Error ? gathered.get(error) : undefined;
	const all = known ?? (await gather(...request));
	if (error instanceof Error) {
		gathered.set(error, all);
	}

	return all;
}
