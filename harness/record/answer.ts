/** Where the harness writes its answer to a claim that waits (`run --debug`), and the scenario process reads it. */
import path from 'node:path';
import type {CellHandle, DebugAnswer} from '../model/index.ts';

export interface WrittenAnswer {
	answer: DebugAnswer;
}

export function answerFile({folder}: Pick<CellHandle, 'folder'>): string {
	return path.join(folder, 'answer.json');
}
