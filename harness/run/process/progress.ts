/** What the scenario process says of where it is; see harness/scenario/progress.ts, which writes it. */
import fs from 'node:fs';
import path from 'node:path';
import type {Job, PlannedScenario} from '../../model/index.ts';
import {parseLines} from '../../record/lines.ts';

export interface ScenarioProgress {
	at: string;
	repetition: number;
	progress: 'announced' | 'started' | 'waiting' | 'soiled' | 'ended';
	scenario: PlannedScenario;
	/** Seconds that it may take; of `started`. */
	limit: number;
	/** Of `waiting`. */
	until: string;
	/** Of `soiled`. */
	changes: string[];
}

/** All lines of this repetition; none when nothing was said yet. */
export function readProgress({cell, assignment: {repetition}}: Job): ScenarioProgress[] {
	const file = path.join(cell.folder, 'progress.jsonl');
	if (!fs.existsSync(file)) {
		return [];
	}

	const {values} = parseLines(fs.readFileSync(file, 'utf8'));
	return (values as ScenarioProgress[]).filter(each => each.repetition === repetition && each.scenario);
}
