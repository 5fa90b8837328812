/** What a word of the command line may be, by the commands and options that there are. Pure. */
import type {Command, Option} from 'commander';
import {providerNames} from '../providers/names.ts';
import {shells} from './completion-scripts.ts';

/** What only this host knows. */
export type LiveKind = 'kernels' | 'engines' | 'cells' | 'nodes' | 'places' | 'runs' | 'saved';

export interface Wanted {
	/** What the shell has typed of the word. */
	typed: string;
	/** What stays before each candidate: earlier values of a list, as in `6.1,6.12`. */
	before: string;
	/** Words that are known here. */
	words: string[];
	live?: LiveKind;
}

const ofOptions: Record<string, LiveKind> = {
	'--kernel': 'kernels',
	'--docker': 'engines',
	'--upgrade': 'engines',
	'--cell': 'cells',
	'--exclude': 'cells',
	'--on': 'cells',
	'--baseline': 'runs',
};

const moreOfOptions: Record<string, readonly string[]> = {
	'--provider': providerNames,
	'--baseline': ['last-good'],
	'--kernel': ['default'],
	'--docker': ['default'],
};

/** Kinds of the arguments of commands; the last counts for all that follow. */
const ofArguments: Record<string, readonly (LiveKind | 'files')[]> = {
	...{report: ['runs'], show: ['runs'], diagnose: ['runs'], merge: ['runs'], compare: ['runs']},
	...{ssh: ['nodes', 'files'], exec: ['nodes', 'files'], down: ['cells'], cp: ['places']},
	snapshot: ['files', 'saved'],
};

const moreOfArguments: Record<string, readonly string[]> = {
	images: ['list', 'prune'],
	snapshot: ['save', 'restore', 'list', 'remove'],
	completion: shells,
};

/** @param typed the words after the program, of which the last is completed */
export function wantedAt(program: Command, typed: readonly string[]): Wanted {
	// bash makes three words of --kernel=6.1.
	const words = typed.filter((word, index) => word !== '=' || index === typed.length - 1);
	const [name, ...rest] = words.slice(0, -1);
	const last = words.at(-1) === '=' ? '' : (words.at(-1) ?? '');
	const command = program.commands.find(each => each.name() === name);
	if (!command) {
		return {typed: last, before: '', words: name === undefined ? program.commands.map(each => each.name()) : []};
	}

	const option = optionBefore(command, rest);
	if (option) {
		return wantedValue(option, last);
	}

	if (last.startsWith('-')) {
		const all = command.options.flatMap(({hidden, long}) => (hidden || !long ? [] : [long]));
		return {typed: last, before: '', words: [...all, '--help']};
	}

	const kinds = ofArguments[command.name()] ?? [];
	const kind = kinds[Math.min(argumentsIn(command, rest), kinds.length - 1)];
	const known = name === 'help' ? program.commands.map(each => each.name()) : (moreOfArguments[name!] ?? []);
	return {typed: last, before: '', words: [...known], ...(kind && kind !== 'files' && {live: kind})};
}

function takesValue({required, optional}: Option): boolean {
	return required || optional;
}

function optionBefore(command: Command, rest: readonly string[]): Option | undefined {
	return command.options.find(each => each.long === rest.at(-1) && each.required);
}

function wantedValue({long, argChoices = []}: Option, last: string): Wanted {
	const before = last.slice(0, last.lastIndexOf(',') + 1);
	const live = ofOptions[long!];
	return {
		...{typed: last.slice(before.length), before},
		words: [...argChoices, ...(moreOfOptions[long!] ?? [])],
		...(live && {live}),
	};
}

function argumentsIn(command: Command, rest: readonly string[]): number {
	const isValue = (index: number) => command.options.some(each => each.long === rest[index - 1] && takesValue(each));
	return rest.filter((word, index) => !word.startsWith('-') && !isValue(index)).length;
}

/** Returns the candidates that begin with what was typed, each once. @param live those that only this host knows */
export function candidatesOf({typed, before, words}: Wanted, live: readonly string[] = []): string[] {
	return [...new Set([...words, ...live])].filter(each => each.startsWith(typed)).map(each => `${before}${each}`);
}
