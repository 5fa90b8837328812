/** The lines that a person types at the prompt of `run --debug`. Pure. */
import {nearest} from '../nearest.ts';

/** What a line asks for; `wrong` is a sentence about a line that asks for nothing. */
export type DebugLine =
	| {does: 'go on' | 'retry' | 'stop' | 'help' | 'nothing'}
	| {does: 'enter'; node: string; line?: string}
	| {does: 'capture'; file?: string}
	| {does: 'wrong'; wrong: string};

/** Words, and what they do. The first of each is in the help. */
const words: Record<string, string[]> = {
	ssh: ['ssh', 'shell'],
	exec: ['exec'],
	docker: ['docker'],
	capture: ['capture'],
	retry: ['retry', 'r'],
	'go on': ['go', 'continue', 'c'],
	stop: ['stop', 'quit', 'exit', 'q'],
	help: ['help', '?'],
};

export const debugHelp = [
	'ssh NODE               a shell on a node',
	'exec NODE COMMAND      a command line there, as it is',
	'docker NODE ARGUMENTS  docker there: docker m1 service ls',
	'capture [FILE]         what passed between the nodes; with FILE as pcapng, for Wireshark',
	'retry                  remove what the claim made, and prove it once more, by the file as it was at the start',
	'go on                  keep this verdict, and prove the next claim',
	'stop                   end the run, and take all machines down; so does Ctrl-C',
];

/** @param nodes names of the machines that are up */
export function parseDebugLine(text: string, nodes: readonly string[]): DebugLine {
	const [, first = '', node = '', rest = ''] = /^\s*(\S*)\s*(\S*)\s*([\s\S]*?)\s*$/.exec(text)!;
	if (first === '') {
		return {does: 'nothing'};
	}

	const known = Object.entries(words).find(([, all]) => all.includes(first.toLowerCase()))?.[0];
	switch (known) {
		case undefined: {
			const meant = nearest(
				first,
				Object.values(words).map(([each]) => each!),
				1,
			)[0];
			return wrong(`'${first}' is no command${meant ? `: did you mean ${meant}?` : '.'} Type help.`);
		}

		case 'capture':
			return rest ? wrong('capture takes one file.') : {does: 'capture', ...(node && {file: node})};
		case 'ssh':
		case 'exec':
		case 'docker':
			return onNode(known, {node, rest}, nodes);
		default:
			return {does: known as 'go on' | 'retry' | 'stop' | 'help'};
	}
}

function onNode(word: string, {node, rest}: {node: string; rest: string}, nodes: readonly string[]): DebugLine {
	if (!nodes.includes(node)) {
		return wrong(`${node ? `'${node}' is no node` : `${word} needs a node`}. The nodes are ${nodes.join(', ')}.`);
	}

	if (word === 'ssh') {
		return {does: 'enter', node, ...(rest && {line: rest})};
	}

	return rest
		? {does: 'enter', node, line: word === 'docker' ? `docker ${rest}` : rest}
		: wrong(`${word} ${node} needs ${word === 'docker' ? 'arguments' : 'a command'}.`);
}

const wrong = (text: string): DebugLine => ({does: 'wrong', wrong: text});
