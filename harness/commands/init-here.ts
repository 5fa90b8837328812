/** What `swarmlab init` does: asks, and writes a config, two scenarios and a CI file into the user's folder. */
import path from 'node:path';
import {createInterface} from 'node:readline/promises';
import {asTyped} from '../called.ts';
import {listed, UsageError} from '../errors.ts';
import {type Answers, optionOf, problemOf, type Question, questionsOf, wordsOf} from '../init/answers.ts';
import {filesOf, onPurpose} from '../init/files.ts';
import {lookAt, writeFiles} from '../init/write.ts';
import {isBuilt, packageRoot} from '../package.ts';
import {providerNames} from '../providers/names.ts';
import {displayPath, isBelow} from '../shown.ts';
import {print, printAnswer} from './command.ts';
import {table} from './table.ts';

/** What was typed, by question. */
export type Given = Partial<Record<'provider' | 'docker' | 'ci', string>>;

/** Writes the files, and prints what was written and what comes next. Throws UsageError, HostError. */
export async function initHere(typed: string | undefined, given: Given): Promise<void> {
	const folder = path.resolve(typed ?? '.');
	refuseClone(folder);
	const answers = await answersTo(given, folder);
	const {written, left} = writeFiles(folder, filesOf(answers, lookAt(folder)));
	if (written.length > 0) {
		printAnswer(`Written in ${folder}:`);
		printAnswer(table(written.map(({name, use}) => [`  ${name}`, use])));
	}

	if (left.length > 0) {
		printAnswer(`There already, and left as it is: ${left.join(', ')}`);
	}

	const names = written.map(({name}) => name);
	printAnswer(asTyped(nextSteps(folder, names, given.ci === undefined && answers.ci === 'none')));
}

/** A clone has a config and scenarios of its own, and is the workspace in each of its folders. */
function refuseClone(folder: string): void {
	if (!isBuilt && isBelow(packageRoot, folder)) {
		throw new UsageError(`${folder} is in the clone of swarmlab, which has a config and scenarios.`, {
			remedy: 'Go to a folder of your own, or name one: swarmlab init FOLDER',
		});
	}
}

/** @throws UsageError with every option that is not valid */
async function answersTo(given: Given, folder: string): Promise<Answers> {
	const questions = questionsOf(providerNames);
	const problems = questions.flatMap(question => {
		const answer = given[optionOf(question.of) as keyof Given];
		return answer === undefined ? [] : (problemOf(question, answer) ?? []);
	});
	if (problems.length > 0) {
		throw new UsageError(listed(problems), {remedy: 'swarmlab init --help'});
	}

	const usual = {provider: providerNames[0], engines: 'default', ci: usualCi(folder)};
	const words = {} as Record<keyof Answers, string>;
	const terminal = process.stdin.isTTY && process.stderr.isTTY ? openTerminal() : undefined;
	try {
		for (const question of questions) {
			const option = optionOf(question.of) as keyof Given;
			words[question.of] =
				given[option] ?? (terminal ? await terminal.ask(question, usual[question.of]) : usual[question.of]);
		}
	} finally {
		terminal?.close();
	}

	return {provider: words.provider, engines: wordsOf(words.engines), ci: words.ci as Answers['ci']};
}

/** Returns the CI whose files are in the folder. */
function usualCi(folder: string): Answers['ci'] {
	const {has} = lookAt(folder);
	return has('.gitlab-ci.yml') ? 'gitlab' : has('Jenkinsfile') ? 'jenkins' : has('.github') ? 'github' : 'none';
}

function openTerminal() {
	const line = createInterface({input: process.stdin, output: process.stderr});
	return {
		close: () => line.close(),
		/** Asks until the answer is valid. An empty one means the usual. */
		async ask(question: Question, usual: string): Promise<string> {
			for (;;) {
				const words = question.valid ? ` (${question.valid.join(', ')})` : '';
				const answer = (await line.question(`${question.text}${words} [${usual}] `)).trim() || usual;
				const problem = problemOf(question, answer);
				if (problem === undefined) {
					return answer;
				}

				print(problem);
			}
		},
	};
}

/** @param lacksCi whether no CI was named, and none was found. */
function nextSteps(folder: string, written: readonly string[], lacksCi: boolean): string {
	const there = displayPath(process.cwd(), folder);
	const failing = written.find(name => name.startsWith(onPurpose));
	return [
		'Next:',
		...(folder === process.cwd() ? [] : [`  cd ${there}`]),
		'  swarmlab plan     shows what will be proven on what',
		'  swarmlab run      proves it; the first run builds what it needs, and says what that is',
		...(failing ? [`  swarmlab run ${failing}     a failure, to look at`] : []),
		...(lacksCi ? ['  swarmlab init --ci github     a CI file, too; or gitlab, jenkins'] : []),
	].join('\n');
}
