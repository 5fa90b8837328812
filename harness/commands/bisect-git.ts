/** One step of `git bisect run`: tries the one cell that the options choose, and returns the exit code that git wants. */
import path from 'node:path';
import type {Trial} from '../bisect/bisect.ts';
import type {Answer} from '../bisect/search.ts';
import {answerOf, type Rates} from '../bisect/sequential.ts';
import {readPackages} from '../plan/resolve.ts';
import {workspace} from '../workspace.ts';
import type {BisectFlags} from './bisect.ts';
import {chosenScenario, onlyCell, toolsOf} from './bisect-cell.ts';
import {proveCell, trialOf} from './bisect-prover.ts';
import {print} from './command.ts';
import {prepareHost} from './fit.ts';

/** Exit codes of `git bisect run` (git-bisect(1)): 125 makes it skip the commit, more than 127 makes it give up. */
const codes: Record<Answer | 'interrupted', number> = {good: 0, bad: 1, unknown: 125, interrupted: 130};

/** Returns the exit code. Throws UsageError if the options leave more than one cell. */
export async function tryForGit(files: readonly string[], flags: BisectFlags, rates: Rates): Promise<number> {
	const chosen = await chosenScenario(files, flags);
	const {scenario, loaded} = chosen;
	const packages = await readPackages(loaded);
	const cell = await onlyCell(chosen.flags, scenario, packages);
	await prepareHost(flags, chosen.needs);
	const outcome = await proveCell(
		cell,
		{
			...{scenario, file: path.resolve(workspace, scenario.file), cellOf: async () => cell, packages},
			...{command: ['swarmlab', ...process.argv.slice(2)], ...(await toolsOf(loaded.settings.packages))},
		},
		{enough: tally => answerOf(tally, rates) !== undefined},
	);
	const trial = trialOf(outcome, scenario);
	const {tally, message} = trial;
	const {answer, code} = answerForGit(trial, rates);
	print(
		`${cell.id} is ${answer}: ${tally.failed} of ${tally.failed + tally.passed} tries failed${message ? `: ${message}` : ''}`,
	);
	return code;
}

/** Returns what the tries of a commit say, and the exit code for git. */
export function answerForGit(
	{tally, interrupted}: Pick<Trial, 'tally' | 'interrupted'>,
	rates: Rates,
): {answer: Answer | 'interrupted'; code: number} {
	const answer = interrupted ? 'interrupted' : (answerOf(tally, rates) ?? 'unknown');
	return {answer, code: codes[answer]};
}
