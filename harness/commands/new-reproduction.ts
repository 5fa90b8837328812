/** `swarmlab reproduce --new`: writes the file of a report from options, and asks at a terminal for what lacks. */
import fs from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline/promises';
import {asTyped} from '../called.ts';
import {listed, UsageError} from '../errors.ts';
import {isIssue, issueForms} from '../expect/issue.ts';
import {parseRange} from '../expect/range.ts';
import {isStep} from '../expect/step.ts';
import {issueFolder} from '../plan/reproductions.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';
import {createAtomically} from '../write-atomically.ts';
import type {NewFlags} from './new-reproduction-options.ts';
import {reproductionText} from './reproduction-text.ts';

/** Writes the file. Returns what to do next. Throws UsageError; a file that is there is never written again. */
export async function writeReproduction(flags: NewFlags): Promise<string> {
	const {title, step} = await withAnswers(flags);
	const issue = flags.new!;
	const problems = problemsOf({...flags, title, step});
	if (problems.length > 0) {
		throw new UsageError(listed(problems), {remedy: 'swarmlab help reproduce'});
	}

	const {managers = '1', workers = '0', outsiders = '0', fails, because} = flags;
	const file = path.join(workspace, issueFolder, `${fileNameOf(issue, title)}.ts`);
	const shown = displayPath(process.cwd(), file);
	const text = reproductionText({
		...{issue, title, steps: step},
		...{managers: Number(managers), workers: Number(workers), outsiders: Number(outsiders)},
		...(fails && {expected: [{fails, because: because ?? 'the report says so'}]}),
	});
	fs.mkdirSync(path.dirname(file), {recursive: true});
	try {
		createAtomically(file, text);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			throw new UsageError(`${shown} is there already, and stays as it is.`, {
				remedy: 'Edit it, or give another --title.',
			});
		}

		throw error;
	}

	return asTyped(
		`${shown} is written. Next: swarmlab up --like ${shown}; then write the claim at its end; swarmlab reproduce ${shown}`,
	);
}

/** Asks at a terminal for the title and the steps that no option gives. */
async function withAnswers({title = '', step = []}: NewFlags): Promise<{title: string; step: string[]}> {
	if ((title !== '' && step.length > 0) || !process.stdin.isTTY || !process.stderr.isTTY) {
		return {title, step};
	}

	const line = createInterface({input: process.stdin, output: process.stderr});
	try {
		const asked = title || (await line.question('What should hold? (the claim, one sentence) '));
		const steps = [...step];
		while (step.length === 0) {
			const answer = await line.question("A step, such as 'm1: docker node ls' (empty: no more) ");
			if (answer.trim() === '') {
				break;
			}

			steps.push(answer.trim());
		}

		return {title: asked, step: steps};
	} finally {
		line.close();
	}
}

function problemsOf({
	new: issue = '',
	title = '',
	step = [],
	fails,
	managers = '1',
	workers = '0',
	outsiders = '0',
}: NewFlags): string[] {
	const range = fails === undefined ? undefined : parseRange(fails);
	return [
		...(isIssue(issue) ? [] : [`--new: '${issue}' names no report. Valid: ${issueForms}.`]),
		...(title.trim() === '' ? ['--title is missing: the claim, what should hold.'] : []),
		...(/[\r\n]/.test(title) ? ['--title has more than one line.'] : []),
		...(range && 'problem' in range ? [`--fails: ${range.problem}`] : []),
		...(/^[1-7]$/.test(managers) ? [] : [`--managers: '${managers}' is not valid. Valid: a whole number from 1 to 7.`]),
		...(/^(1?\d|20)$/.test(workers)
			? []
			: [`--workers: '${workers}' is not valid. Valid: a whole number from 0 to 20.`]),
		...(/^[0-5]$/.test(outsiders)
			? []
			: [`--outsiders: '${outsiders}' is not valid. Valid: a whole number from 0 to 5.`]),
		...step.filter(each => !isStep(each)).map(each => `--step: '${each}' does not say where: 'm1: ${each}'.`),
	];
}

/** `12345-a-service-answers`, `cve-2023-28842-a-clear-frame`, `docker-for-linux-523-…` for another repository than moby/moby. */
function fileNameOf(issue: string, title: string): string {
	const [repository = '', number] = issue.split('#');
	const first = number === undefined ? issue : repository === 'moby/moby' ? number : `${repository}-${number}`;
	const words = title
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		.slice(0, 5);
	return [first, ...words]
		.join('-')
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}]+/gu, '-');
}
