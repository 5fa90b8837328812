/** Lines in which the scenario process reports its progress to the harness. They also show what a dead process was doing. */

import type {Job, PlannedScenario, Reason, Verdict} from '../model/index.ts';
import {appendLine} from '../record/lines.ts';
import {progressFile} from './cell.ts';

export type Progress = {at: string; repetition: number} /** A file was loaded and makes this claim. */ & (
	| {progress: 'announced'; scenario: PlannedScenario}
	/** The scenario runs. It ends within `limit` seconds in every case. */
	| {progress: 'started'; scenario: PlannedScenario; limit: number}
	/** What is awaited now. */
	| {progress: 'waiting'; scenario: PlannedScenario; until: string}
	/** No other scenario may run on the cluster: this one changed it, or it stays as it is for a person to look at. */
	| {progress: 'dirty'; scenario: PlannedScenario; changes: string[]; stays?: true}
	/** The scenario did not pass, and waits for an answer (`run --debug`). */
	| {progress: 'paused'; scenario: PlannedScenario; verdict: Verdict; reason?: Reason; evidence: string[]}
	/** It has its answer. */
	| {progress: 'resumed'; scenario: PlannedScenario}
	/** The scenario's result is recorded. */
	| {progress: 'ended'; scenario: PlannedScenario}
);

type WithoutStamp<Each> = Each extends unknown ? Omit<Each, 'at' | 'repetition'> : never;

/** Appends a line. Never throws: writing the result, which matters more, reports a full disk. */
export function writeProgress({cell, assignment: {repetition}}: Job, progress: WithoutStamp<Progress>): void {
	try {
		appendLine(progressFile(cell), {at: new Date().toISOString(), repetition, ...progress});
	} catch {
		// Only the progress display loses something.
	}
}
