/** Reads the progress of the scenario process, which harness/scenario/progress.ts writes. */
import fs from 'node:fs';
import path from 'node:path';
import type {Job, PlannedScenario, Reason, Verdict} from '../../model/index.ts';
import {parseLines} from '../../record/lines.ts';

export interface ScenarioProgress {
	at: string;
	repetition: number;
	progress: 'announced' | 'started' | 'waiting' | 'dirty' | 'paused' | 'resumed' | 'ended';
	scenario: PlannedScenario;
	/** Seconds that the scenario may take; only in `started`. */
	limit: number;
	/** Only in `waiting`. */
	until: string;
	/** Only in `dirty`. */
	changes: string[];
	/** Only in `dirty`. */
	stays?: true;
	/** These only in `paused`. */
	verdict: Verdict;
	reason?: Reason;
	evidence: string[];
}

/** Returns all lines of this repetition; none if nothing was written yet. */
export function readProgress({cell, assignment: {repetition}}: Job): ScenarioProgress[] {
	const file = path.join(cell.folder, 'progress.jsonl');
	if (!fs.existsSync(file)) {
		return [];
	}

	const {values} = parseLines(fs.readFileSync(file, 'utf8'));
	return (values as ScenarioProgress[]).filter(each => each.repetition === repetition && each.scenario);
}
