import {type PlannedScenario, scenarioId} from '../../model/index.ts';
import {displayPath} from '../../shown.ts';
import {workspace} from '../../workspace.ts';
import type {ScenarioProgress} from './progress.ts';

/**
 * Returns the file in which a process without progress hangs: the file of the last progress, or the file after it, if all
 * announced scenarios of the former have ended. Without any progress the first file was being loaded.
 */
export function hungFile(
	files: readonly string[],
	progress: readonly ScenarioProgress[],
	announced: readonly PlannedScenario[],
): string {
	const last = progress.at(-1);
	const at = files.findIndex(file => displayPath(workspace, file) === last?.scenario.file);
	const ended = new Set(progress.filter(each => each.progress === 'ended').map(({scenario}) => scenarioId(scenario)));
	const isLeft = announced.some(each => each.file === last?.scenario.file && !ended.has(scenarioId(each)));
	const loading = last?.progress === 'ended' && !isLeft ? at + 1 : Math.max(at, 0);
	return files[Math.min(loading, files.length - 1)]!;
}
