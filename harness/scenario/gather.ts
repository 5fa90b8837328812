/**
 * Keeps evidence of the machines when a claim did not pass, in a folder named after the claim, one for each repetition, and
 * names the causes that it shows.
 */
import path from 'node:path';
import {diagnose} from '../diagnosis/diagnose.ts';
import {timelineOf} from '../diagnosis/timeline.ts';
import {type EvidenceOptions, takeEvidence} from '../evidence/evidence.ts';
import {readEvidence} from '../evidence/folder.ts';
import type {Machine} from '../machine/index.ts';
import type {Diagnosis, FaultRecord, Job, PlannedScenario, TimelineEntry} from '../model/index.ts';
import {runFolder, unused} from './cell.ts';
import {droppedBySwitch, eventsOf} from './events.ts';
import {folderAfter} from './naming.ts';

export interface Gathered {
	/** Relative to the run folder. */
	files: string[];
	/** Absent for a claim that has probes of its own, and if there is no evidence. */
	diagnosis?: Diagnosis;
}

/** The attempt that did not succeed. */
interface Attempted extends Job {
	/** ISO 8601, UTC. */
	readonly startedAt: string;
	readonly allFaults: readonly FaultRecord[];
}

/** Never throws: the result must be kept even if evidence cannot be gathered. */
async function gather(
	{cell, assignment: {repetition}, startedAt, allFaults}: Attempted,
	{title}: PlannedScenario,
	machines: readonly Machine[],
	options: Omit<EvidenceOptions, 'folder'>,
): Promise<Gathered> {
	const failedAt = new Date().toISOString();
	const again = repetition === 1 ? '' : `-${repetition}`;
	const folder = unused(path.join(cell.folder, 'evidence', `${folderAfter(title)}${again}`));
	const files = await takeEvidence(machines, cell, {...options, folder});
	const events = eventsOf({startedAt, failedAt, reason: options.reason, faults: allFaults});
	const diagnosis = options.rows === undefined ? diagnosisOf(folder, startedAt, events) : undefined;
	return {files: files.map(file => path.relative(runFolder(cell), file)), ...(diagnosis && {diagnosis})};
}

function diagnosisOf(folder: string, startedAt: string, events: TimelineEntry[]): Diagnosis | undefined {
	try {
		const evidence = readEvidence(folder);
		const more = [...events, ...droppedBySwitch(folder)];
		return {...diagnose(evidence), timeline: timelineOf(evidence, {from: startedAt, more})};
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
