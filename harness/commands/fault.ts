/** `swarmlab fault`: faults on the links and in the nodes of a cell that is up. */
import {Argument, Option} from 'commander';
import {UsageError} from '../errors.ts';
import {byHand} from '../faults/journal.ts';
import {faultsOn} from '../faults/on.ts';
import type {FaultStatus, NodeFaultStatus} from '../model/index.ts';
import type {CellUp} from '../run/by-hand.ts';
import {collect, collectCsv, printAnswer, printJson, type Register} from './command.ts';
import {type FaultFlags, faultFrom} from './fault-options.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab fault add block --from m1 --to w1 --udp 4789        VXLAN from m1 does not reach w1
  swarmlab fault add block --udp 4789 --larger-than 1400       an MTU of 1400 in the path, which no router announces
  swarmlab fault add loss --node w1 --percent 1                one frame of a hundred
  swarmlab fault add delay --from m1 --to w1 --both-ways --ms 100 --jitter 20
  swarmlab fault add partition --shape isolate --node w1
  swarmlab fault add link-down --node w1
  swarmlab fault add stop-engine --node w1                     in the node itself, and undone exactly
  swarmlab fault add set-mtu --node w1 --with mtu=1400
  swarmlab fault kinds                                         what there is in nodes, and what each takes
  swarmlab fault list                                          what is on, and what it did
  swarmlab fault heal 1                                        or heal --all`;

interface Flags extends FaultFlags {
	cell?: string;
	json?: boolean;
	all?: boolean;
	with?: string[];
}

export const registerFault: Register = program => {
	program
		.command('fault')
		.summary('put faults on the links and in the nodes of a cell that is up')
		.description(
			"Lists faults on the links and in the nodes of a cell that is up, puts one in, or heals it. On links, the cell's switch drops or delays frames: the nodes' own rules stay clean. In nodes, a script puts the fault in, and another undoes exactly this. A fault stays until it is healed or its cell goes down.",
		)
		.addArgument(new Argument('[action]', 'what to do').choices(['list', 'kinds', 'add', 'heal']).default('list'))
		.argument(
			'[what]',
			'add: block, loss, delay, rate, duplicate, reorder, corrupt, link-down, partition, or one of `fault kinds`; heal: the id of a fault',
		)
		.option('--from <nodes>', 'add: only what these nodes send', collectCsv)
		.option('--to <nodes>', 'add: only what these nodes would get', collectCsv)
		.option('--both-ways', 'add: the other direction, too')
		.option(
			'--node <node>',
			'add: only what this node sends or would get; the node of link-down, of a partition and of a fault in a node',
		)
		.option('--with <name=value>', 'add: an option of a fault in a node; may be repeated', collect)
		.option('--udp <port>', 'add: only UDP to this port')
		.option('--tcp <port>', 'add: only TCP to this port')
		.option('--protocol <protocol>', 'add: only tcp, udp, icmp, arp, esp, or a protocol of IP by its number')
		.option('--larger-than <bytes>', 'add: only frames that carry more than this after their Ethernet header')
		.option('--percent <n>', 'add: the share of frames, of loss, duplicate, reorder and corrupt')
		.option('--ms <n>', 'add: milliseconds, of delay and reorder')
		.option('--jitter <ms>', 'add: of delay, up to so much more or less')
		.option('--kbit <n>', 'add: kbit/s, of rate')
		.option('--seed <n>', 'add: chooses the frames of a share; the same seed, the same ones (1)')
		.option('--shape <shape>', 'add: of partition: halves, isolate, one-way, ring, bridge')
		.addOption(new Option('--all', 'heal: every fault'))
		.option('--cell <text>', 'the cell or run that this means, as for `run --cell` (default: the newest that is up)')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (action: string, what: string | undefined, flags: Flags) => {
			if (action === 'kinds') {
				await printKinds(flags);
				return;
			}

			const {findUp} = await import('../run/by-hand.ts');
			const {matches} = await import('../match.ts');
			const up = findUp(flags.cell, matches);
			const did =
				action === 'add'
					? await add(up, what, flags)
					: action === 'heal'
						? await heal(up, what, flags)
						: await faultsOn(up.handle);
			if (flags.json) {
				printJson('fault', did);
				return;
			}

			printAnswer(did.length === 0 ? 'no fault is on' : table([header, ...did.map(row)]));
		});
};

type Status = FaultStatus | NodeFaultStatus;

async function printKinds({json}: Flags): Promise<void> {
	const {nodeFaultKinds} = await import('./node-fault.ts');
	const kinds = nodeFaultKinds();
	if (json) {
		printJson('fault-kinds', kinds);
		return;
	}

	printAnswer(
		table([
			['FAULT IN A NODE', '--with', 'WHAT IT DOES'],
			...kinds.map(({name, options, about}) => [name, options.map(option => option.name).join(', '), about]),
		]),
	);
}

const header = ['ID', 'MATCHED', 'DROPPED', 'CHANGED', 'BY', 'WHAT'];

function row(status: Status): string[] {
	const counters = 'matched' in status ? [status.matched, status.dropped, status.changed].map(String) : ['-', '-', '-'];
	return [String(status.id), ...counters, status.by, status.what];
}

interface Lan {
	socket: string;
	lease: string;
	nodes: string[];
}

async function lanOf(up: CellUp): Promise<Lan> {
	const {requireLinkFaults} = await import('../run/by-hand.ts');
	return {
		socket: requireLinkFaults(up),
		lease: up.lease.id,
		nodes: up.handle.machines.map(machine => machine.name),
	};
}

async function withControl<T>({socket}: Lan, use: (control: LanControl) => Promise<T>): Promise<T> {
	const {LanControl} = await import('../network/control/control.ts');
	const control = await LanControl.open(socket);
	try {
		return await use(control);
	} finally {
		control.close();
	}
}

type LanControl = import('../network/control/control.ts').LanControl;

async function add(up: CellUp, kind: string | undefined, flags: Flags): Promise<Status[]> {
	const {nodeFaultNames} = await import('../faults/table.ts');
	if (kind !== undefined && nodeFaultNames.some(name => name === kind)) {
		const {addNodeFault} = await import('./node-fault.ts');
		return [await addNodeFault(up, kind, flags)];
	}

	if (flags.with) {
		throw new UsageError('--with is an option of a fault in a node', {remedy: 'swarmlab fault kinds'});
	}

	const nodes = up.handle.machines.map(machine => machine.name);
	const fault = faultFrom(kind, flags, nodes, nodeFaultNames);
	const {lan, faults} = up.handle;
	if (!lan?.control && faults?.includes('link')) {
		const {addLinkInNodes} = await import('./node-fault.ts');
		return addLinkInNodes(up, fault);
	}

	const {socket, lease} = await lanOf(up);
	const {holdFault} = await import('../network/control/hold.ts');
	const {leaseVariable} = await import('../environment.ts');
	return [await holdFault({socket, fault, by: byHand}, {...process.env, [leaseVariable]: lease})];
}

async function heal(up: CellUp, id: string | undefined, {all}: Flags): Promise<Status[]> {
	if (all === (id !== undefined)) {
		throw new UsageError('heal takes the id of a fault, or --all', {remedy: 'swarmlab fault list'});
	}

	const on = await faultsOn(up.handle);
	const those = all ? on.toReversed() : [statusOf(id!, on)];
	const {nodeFaultsIn} = await import('./node-fault.ts');
	const inNodes = await nodeFaultsIn(up);
	const healed: Status[] = [];
	for (const each of those) {
		if ('node' in each) {
			await inNodes.heal(each);
			healed.push(each);
		} else {
			healed.push(await withControl(await lanOf(up), async control => control.remove(each.id)));
		}
	}

	return healed;
}

function statusOf(text: string, on: readonly Status[]): Status {
	const found = on.find(({id}) => String(id) === text);
	if (!found) {
		throw new UsageError(`There is no fault '${text}'`, {
			remedy: on.length === 0 ? 'No fault is on.' : `On are: ${on.map(each => `${each.id} (${each.what})`).join('; ')}`,
		});
	}

	return found;
}
