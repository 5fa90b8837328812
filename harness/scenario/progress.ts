/** Lines by which the scenario process tells the harness where it is. What they say is also what a dead process was doing. */

import type {Job, PlannedScenario} from '../model/index.ts';
import {appendLine} from '../record/lines.ts';
import {progressFile} from './cell.ts';

export type Progress = {at: string; repetition: number} /** A file was loaded and claims this. */ & (
	| {progress: 'announced'; scenario: PlannedScenario}
	/** It is being proven, and ends within `limit` seconds whatever happens. */
	| {progress: 'started'; scenario: PlannedScenario; limit: number}
	/** What is awaited now. */
	| {progress: 'waiting'; scenario: PlannedScenario; until: string}
	/** It left the cluster other than it was: nobody may be proven on it any more. */
	| {progress: 'soiled'; scenario: PlannedScenario; changes: string[]}
	/** Its result is recorded. */
	| {progress: 'ended'; scenario: PlannedScenario}
);

type WithoutStamp<Each> = Each extends unknown ? Omit<Each, 'at' | 'repetition'> : never;

/** Tells. Never throws: a full disk is told by the result, which matters more. */
export function writeProgress({cell, assignment: {repetition}}: Job, progress: WithoutStamp<Progress>): void {
	try {
		appendLine(progressFile(cell), {at: new Date().toISOString(), repetition, ...progress});
	} catch {
		// Only what is shown meanwhile is lost.
	}
}
