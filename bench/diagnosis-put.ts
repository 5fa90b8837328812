/** Puts causes of the diagnosis bench in: faults as `swarmlab fault add` does, and commands that are typed on nodes. */
import {parseArgs} from 'node:util';
import {type FaultFlags, faultFrom} from '../harness/commands/fault-options.ts';
import {optionsFrom} from '../harness/commands/node-fault.ts';
import {nodeFaultNames} from '../harness/faults/table.ts';
import type {Machine} from '../harness/machine/index.ts';
import type {Swarm} from '../harness/scenario/swarm.ts';
import type {Typed} from './diagnosis-cause.ts';

/** Options of `swarmlab fault add`, for parseArgs. */
const faultOptions = {
	from: {type: 'string'},
	to: {type: 'string'},
	node: {type: 'string'},
	shape: {type: 'string'},
	udp: {type: 'string'},
	tcp: {type: 'string'},
	protocol: {type: 'string'},
	'larger-than': {type: 'string'},
	percent: {type: 'string'},
	ms: {type: 'string'},
	jitter: {type: 'string'},
	kbit: {type: 'string'},
	'both-ways': {type: 'boolean'},
	with: {type: 'string', multiple: true},
} as const;

/** Puts a fault in, by the words after `swarmlab fault add`. Throws UsageError, HarnessError, NotApplicable. */
export async function addFault({faults, machines}: Swarm, words: string): Promise<void> {
	const [kind = '', ...args] = words.split(' ');
	const {values} = parseArgs({args, options: faultOptions});
	const {with: given, node, from, to, 'larger-than': largerThan, 'both-ways': bothWays, ...more} = values;
	const others = {...more, ...(largerThan && {largerThan}), ...(bothWays && {bothWays})};
	if (!(nodeFaultNames as readonly string[]).includes(kind)) {
		const names = machines.map(({name}) => name);
		const lists = {...(from && {from: from.split(',')}), ...(to && {to: to.split(',')}), ...(node && {node})};
		await faults.add(faultFrom(kind, {...others, ...lists} as FaultFlags, names));
		return;
	}

	const method = kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
	const methods = faults.node(node!) as unknown as Record<string, (options: object) => Promise<unknown>>;
	await methods[method]!(optionsFrom(given ?? []));
}

/** $m1, $w1 and $w2 are the nodes' addresses, $net is how they begin, $card is the card between them, $overlay and $lb the namespaces of `shop`. */
const begin = (machines: readonly Machine[], own: string) => `set -e
${machines.map(({name, address}) => `${name}=${address}`).join('; ')}
net=${own.replace(/\.\d+$/, '')}
card=$(ip -o -4 address show to ${own} | cut -d ' ' -f 2)
bits=$(ip -o -4 address show to ${own} | sed 's,.* inet [^/]*/\\([0-9]*\\) .*,\\1,')
id=$(docker network inspect -f '{{.Id}}' shop 2> /dev/null || :)
overlay=$(ls /var/run/docker/netns/*-$(printf %.10s "$id") 2> /dev/null || :)
lb=/var/run/docker/netns/lb_$(printf %.9s "$id")
`;

/** Types the commands, or what undoes them, the last one first. Throws MachineError with what a command says. */
export async function typeOn(
	machines: readonly Machine[],
	all: readonly Typed[],
	which: 'put' | 'undo',
): Promise<void> {
	for (const each of which === 'put' ? all : all.toReversed()) {
		const machine = machines.find(({name}) => name === each.node)!;
		await machine.run(begin(machines, machine.address) + each[which], {timeout: 60});
	}
}
