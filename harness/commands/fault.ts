/** `swarmlab fault`: faults on the links of a cell that is up. */
import {Argument, Option} from 'commander';
import {UsageError} from '../errors.ts';
import type {FaultStatus} from '../model/index.ts';
import type {CellUp} from '../run/by-hand.ts';
import {collectCsv, printAnswer, printJson, type Register} from './command.ts';
import {type FaultFlags, faultFrom} from './fault-options.ts';
import {faultsOn} from './faults-on.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab fault add block --from m1 --to w1 --udp 4789        VXLAN from m1 does not reach w1
  swarmlab fault add block --udp 4789 --larger-than 1400       an MTU of 1400 in the path, which no router announces
  swarmlab fault add loss --node w1 --percent 1                one frame of a hundred
  swarmlab fault add delay --from m1 --to w1 --both-ways --ms 100 --jitter 20
  swarmlab fault add partition --shape isolate --node w1
  swarmlab fault add link-down --node w1
  swarmlab fault list                                          what is on, and what it did
  swarmlab fault heal 1                                        or heal --all`;

interface Flags extends FaultFlags {
	cell?: string;
	json?: boolean;
	all?: boolean;
}

export const registerFault: Register = program => {
	program
		.command('fault')
		.summary('put faults on the links of a cell that is up')
		.description(
			"Lists faults on the links of a cell that is up, puts one in, or heals it. The cell's switch drops or delays frames: the nodes' own rules stay clean. A fault stays until it is healed or its cell goes down.",
		)
		.addArgument(new Argument('[action]', 'what to do').choices(['list', 'add', 'heal']).default('list'))
		.argument(
			'[what]',
			'add: block, loss, delay, rate, duplicate, reorder, corrupt, link-down, partition; heal: the number of a fault',
		)
		.option('--from <nodes>', 'add: only what these nodes send', collectCsv)
		.option('--to <nodes>', 'add: only what these nodes would get', collectCsv)
		.option('--both-ways', 'add: the other direction, too')
		.option('--node <node>', 'add: only what this node sends or would get; the node of link-down and of a partition')
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
			const cell = await findLan(flags.cell);
			const did =
				action === 'add'
					? await add(cell, what, flags)
					: action === 'heal'
						? await heal(cell, what, flags)
						: await faultsOn(cell.up);
			if (flags.json) {
				printJson(did);
				return;
			}

			printAnswer(did.length === 0 ? 'no fault is on' : table([header, ...did.map(row)]));
		});
};

const header = ['ID', 'MATCHED', 'DROPPED', 'CHANGED', 'BY', 'WHAT'];

function row({id, matched, dropped, changed, by, what}: FaultStatus): string[] {
	return [String(id), String(matched), String(dropped), String(changed), by, what];
}

interface Lan {
	socket: string;
	lease: string;
	nodes: string[];
	up: CellUp;
}

async function findLan(name: string | undefined): Promise<Lan> {
	const {findUp, requireLinkFaults} = await import('../run/by-hand.ts');
	const {matches} = await import('../plan/match.ts');
	const up = findUp(name, matches);
	return {
		socket: requireLinkFaults(up),
		lease: up.lease.id,
		nodes: up.handle.machines.map(machine => machine.name),
		up,
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

async function add({socket, lease, nodes}: Lan, kind: string | undefined, flags: Flags): Promise<FaultStatus[]> {
	const fault = faultFrom(kind, flags, nodes);
	const {holdFault} = await import('../network/control/hold.ts');
	const {leaseVariable} = await import('../environment.ts');
	return [await holdFault({socket, fault, by: 'by hand'}, {...process.env, [leaseVariable]: lease})];
}

async function heal(lan: Lan, id: string | undefined, {all}: Flags): Promise<FaultStatus[]> {
	if (all === (id !== undefined)) {
		throw new UsageError('heal takes the number of a fault, or --all', {remedy: 'swarmlab fault list'});
	}

	return withControl(lan, async control => {
		const on = await control.list();
		const those = all ? on.map(each => each.id) : [numberOf(id!, on)];
		const healed: FaultStatus[] = [];
		for (const each of those) {
			healed.push(await control.remove(each));
		}

		return healed;
	});
}

function numberOf(text: string, on: readonly FaultStatus[]): number {
	if (!/^\d+$/.test(text)) {
		throw new UsageError(`'${text}' is not the number of a fault`, {
			remedy: on.length === 0 ? 'No fault is on.' : `On are: ${on.map(each => `${each.id} (${each.what})`).join('; ')}`,
		});
	}

	return Number(text);
}
