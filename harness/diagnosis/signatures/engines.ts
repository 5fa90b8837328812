/** Causes in the engine of a node: dockerd and containerd that do not run, or do not answer. */
import {linesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

function engineDown(seen: Seen): Sighting[] {
	return linesOf('engine', /^== dockerd does not run$/)(seen);
}

function engineHangs({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const [, state] = /== dockerd\n(?:.*\n)*?State:\s+(.*)/.exec(node.text('engine')) ?? [];
		const silent = ['tasks', 'services', 'nodes', 'networks', 'containers', 'docker-info'].flatMap(probe => {
			const troubles = [probe, `${probe}-after`].map(name => ({name, trouble: node.troubleOf(name)}));
			return troubles.every(({trouble}) => trouble?.startsWith('the engine did not answer'))
				? troubles.map(({name, trouble}) => lineOf(node, `${node.name}/${name}.txt`, trouble!))
				: [];
		});
		const stopped = state && /^[TtZ]/.test(state) ? node.lines('engine', /^State:\s+[TtZ]/) : [];
		// One late answer on a busy node is no hang: the same question must be without an answer twice, or the process stopped.
		return stopped.length > 0 || silent.length > 0
			? [{node: node.name, lines: [...stopped, ...silent.slice(0, 2)]}]
			: [];
	});
}

export const engines: Signature[] = [
	{
		id: 'engine-down',
		blame: 'host',
		confidence: 'certain',
		cause: 'dockerd does not run on {nodes}.',
		remedy: 'Read the end of dockerd-log.txt, then start it.',
		requires: ['engine'],
		shows: engineDown,
		rulesOut: 'dockerd runs on every node',
	},
	{
		id: 'containerd-down',
		blame: 'host',
		confidence: 'certain',
		cause: 'containerd does not run on {nodes}: tasks that run go on, and none can be started or stopped.',
		remedy: 'Read the end of containerd-log.txt, then start it, and restart the engine.',
		requires: ['engine'],
		unlessThere: ['engine-down'],
		shows: linesOf('engine', /^== containerd does not run$/),
		rulesOut: 'containerd runs on every node',
	},
	{
		id: 'containerd-hangs',
		blame: 'host',
		confidence: 'certain',
		cause: 'containerd on {nodes} is stopped: tasks that run go on, and none can be started or stopped.',
		remedy: 'Continue it with SIGCONT.',
		requires: ['engine'],
		unlessThere: ['engine-down'],
		shows: ({view}) =>
			view.nodes.flatMap(node => {
				const [state] = /^== containerd\n(?:(?!==).*\n)*?State:\s+[TtZ].*/m.exec(node.text('engine')) ?? [];
				const line = lineOf(node, `${node.name}/engine.txt`, `containerd: ${state?.split('\n').at(-1)}`);
				return state ? [{node: node.name, lines: [line]}] : [];
			}),
	},
	{
		id: 'engine-hangs',
		blame: 'product',
		confidence: 'likely',
		cause: 'dockerd on {nodes} runs, and does not answer: it hangs, or was stopped.',
		remedy: 'If its state is T, continue it with SIGCONT. Else report goroutines.txt of the evidence, and restart it.',
		issue: 'moby#42386',
		requires: ['engine'],
		unless: ['starved'],
		// It waits for containerd with some answers; where the table of connections is full, no question comes to it.
		unlessThere: ['engine-down', 'node-unreachable', 'containerd-hangs', 'containerd-down', 'table-full'],
		shows: engineHangs,
	},
];
