/** Chooses the scenario at a line: `scenarios/vip.ts:5`, as plans and reports print it. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {PlannedScenario} from '../model/index.ts';
import {workspace} from '../workspace.ts';

export interface Choice {
	/** The path or glob alone. */
	pattern: string;
	line?: number;
}

/**
 * Splits a pattern into its path and its line. If a file has the colon and the number in its own name, that file is meant.
 */
export function withoutLines(pattern: string, folder: string): Choice {
	const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(pattern) ?? [];
	if (!file || existsSync(path.resolve(folder, pattern))) {
		return {pattern};
	}

	// Plans and reports print paths relative to the workspace.
	const printed = path.resolve(workspace, file);
	const here = existsSync(path.resolve(folder, file)) || !existsSync(printed);
	return {pattern: here ? file : printed, line: Number(line)};
}

/**
 * Returns all scenarios, but of the files with lines only those that contain one of them. A scenario begins at its line and
 * ends where the next one begins. Pure.
 * @param lines by file. @param broken files that failed to announce their scenarios.
 * @throws UsageError with the lines there are, where a line is before the first scenario.
 */
export function chooseByLine(
	scenarios: readonly PlannedScenario[],
	lines: ReadonlyMap<string, readonly number[]>,
	broken: ReadonlySet<string> = new Set(),
): PlannedScenario[] {
	const begins = new Map<string, Set<number>>();
	for (const [file, wanted] of lines) {
		const there = scenarios.filter(each => each.file === file).map(({line = 1}) => line);
		const chosen = wanted.map(line => Math.max(...there.filter(each => each <= line)));
		const wrong = wanted.find((_, index) => !Number.isFinite(chosen[index]));
		if (wrong !== undefined && !broken.has(file)) {
			throw new UsageError(`No scenario stands at ${file}:${wrong}.`, {
				remedy:
					there.length > 0
						? `Scenarios begin at: ${[...new Set(there)].map(line => `${file}:${line}`).join(', ')}`
						: 'A line goes with one scenario file.',
			});
		}

		begins.set(file, new Set(chosen));
	}

	return scenarios.filter(({file, line = 1}) => begins.get(file)?.has(line) ?? true);
}
