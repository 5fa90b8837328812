/** The three questions of `swarmlab init`, their valid answers, and what is taken without an answer. Pure. */
import {nearest} from '../nearest.ts';

/** Systems for which a CI file is written; `none` writes none. */
export const ciNames = ['github', 'gitlab', 'jenkins', 'none'] as const;
export type CiName = (typeof ciNames)[number];

/** What the files are made of. */
export interface Answers {
	provider: string;
	/** As `--docker` takes them. */
	engines: string[];
	ci: CiName;
}

export interface Question {
	of: keyof Answers;
	text: string;
	/** Valid words; undefined: any. */
	valid?: readonly string[];
}

/** @param providers their names, the usual one first */
export function questionsOf(providers: readonly string[]): Question[] {
	return [
		{
			of: 'provider',
			text: 'Where do the nodes come from? qemu boots a kernel for each; container needs a Docker host and takes seconds',
			valid: providers,
		},
		{of: 'engines', text: 'Which Docker Engines? default is the one of this host; or versions, such as 20.10,28.5'},
		{of: 'ci', text: 'For which CI is a file to be written?', valid: ciNames},
	];
}

/** Returns what is wrong with an answer; undefined if nothing is. */
export function problemOf({of, valid}: Question, answer: string): string | undefined {
	if (valid && !valid.includes(answer)) {
		const [near] = nearest(answer, valid);
		return `--${optionOf(of)}: '${answer}' is not valid. Valid: ${valid.join(', ')}.${near ? ` Did you mean '${near}'?` : ''}`;
	}

	return wordsOf(answer).length === 0 ? `--${optionOf(of)}: '${answer}' names nothing.` : undefined;
}

/** Returns the words of a list: `20.10, 28.5`. */
export function wordsOf(answer: string): string[] {
	return answer
		.split(',')
		.map(word => word.trim())
		.filter(Boolean);
}

/** Engines are named by `--docker`, as for `swarmlab run`. */
export function optionOf(of: keyof Answers): string {
	return of === 'engines' ? 'docker' : of;
}
