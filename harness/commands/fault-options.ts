/** Makes a fault of what was typed after `swarmlab fault add`. Pure. */
import {UsageError} from '../errors.ts';
import type {Fault, FaultProtocol} from '../model/index.ts';
import {type FaultWhere, faultKinds, faultOf, linkDown, oneOfWords, partitionFault} from '../network/faults/build.ts';
import {bridge, halves, isolate, oneWay, type Partition, ring} from '../network/faults/partition.ts';
import {asNumber} from './amounts.ts';

export interface FaultFlags {
	from?: string[];
	to?: string[];
	node?: string;
	bothWays?: boolean;
	udp?: string;
	tcp?: string;
	protocol?: string;
	largerThan?: string;
	percent?: string;
	ms?: string;
	jitter?: string;
	kbit?: string;
	seed?: string;
	shape?: string;
}

const protocols = ['tcp', 'udp', 'icmp', 'arp', 'esp'] as const;
const shapes = ['halves', 'isolate', 'one-way', 'ring', 'bridge'] as const;
const kinds = [...faultKinds, 'link-down', 'partition'] as const;

/**
 * Returns the fault. Throws UsageError with what is missing or not there. `nodes` are those of the cell; `others` are faults of
 * other kinds, which may have been meant.
 */
export function faultFrom(
	word: string | undefined,
	flags: FaultFlags,
	nodes: readonly string[],
	others: readonly string[] = [],
): Fault {
	const kind = oneOfWords(word ?? '', [...kinds, ...others], 'kind of fault') as (typeof kinds)[number];
	switch (kind) {
		case 'link-down':
			return linkDown(required(flags.node, 'link-down', '--node'));
		case 'partition':
			return partitionFault(shapeOf(flags, nodes));
		case 'block':
			return faultOf(kind, whereOf(flags));
		case 'delay': {
			const ms = asNumber(required(flags.ms, kind, '--ms'), '--ms');
			const jitterMs = optional(flags.jitter, '--jitter');
			return faultOf(kind, {...whereOf(flags), ms, ...jitterMs('jitterMs'), ...seedOf(flags)});
		}
		case 'rate':
			return faultOf(kind, {
				...whereOf(flags),
				kbitPerSecond: asNumber(required(flags.kbit, kind, '--kbit'), '--kbit'),
			});
		case 'reorder': {
			const ms = asNumber(required(flags.ms, kind, '--ms'), '--ms');
			return faultOf(kind, {...whereOf(flags), ...shareOf(kind, flags), ms});
		}
		default:
			return faultOf(kind, {...whereOf(flags), ...shareOf(kind, flags)});
	}
}

function whereOf(flags: FaultFlags): FaultWhere {
	const {from, to, node, bothWays, udp, tcp, protocol, largerThan} = flags;
	if ([udp, tcp, protocol].filter(each => each !== undefined).length > 1) {
		throw new UsageError('--udp, --tcp and --protocol name a protocol each, and a fault is about one', {
			remedy: 'Give one of them. Two faults may be on at once.',
		});
	}

	const [name, port] = udp === undefined ? ['tcp' as const, tcp] : ['udp' as const, udp];
	return {
		...(from && {from}),
		...(to && {to}),
		...(node !== undefined && {at: node}),
		...(bothWays && {bothWays}),
		...(port !== undefined && {protocol: name, port: asNumber(port, `--${name}`)}),
		...(protocol !== undefined && {protocol: protocolOf(protocol)}),
		...optional(largerThan, '--larger-than')('largerThanBytes'),
	};
}

function protocolOf(text: string): FaultProtocol {
	return /^\d+$/.test(text) ? Number(text) : oneOfWords(text, protocols, 'protocol');
}

function shareOf(kind: string, flags: FaultFlags): {percent: number; seed?: number} {
	return {percent: asNumber(required(flags.percent, kind, '--percent'), '--percent'), ...seedOf(flags)};
}

function seedOf({seed}: FaultFlags): {seed?: number} {
	return optional(seed, '--seed')('seed');
}

function shapeOf({shape, node, from, to}: FaultFlags, nodes: readonly string[]): Partition {
	switch (oneOfWords(required(shape, 'partition', '--shape'), shapes, 'shape of a partition')) {
		case 'halves':
			return halves(nodes);
		case 'ring':
			return ring(nodes);
		case 'isolate':
			return isolate(nodes, required(node, 'partition --shape isolate', '--node'));
		case 'bridge':
			return bridge(nodes, required(node, 'partition --shape bridge', '--node'));
		case 'one-way':
			return oneWay(
				required(from, 'partition --shape one-way', '--from'),
				required(to, 'partition --shape one-way', '--to'),
			);
	}
}

function required<Value>(value: Value | undefined, kind: string, option: string): Value {
	if (value === undefined) {
		throw new UsageError(`${kind} needs ${option}`, {remedy: 'swarmlab fault --help'});
	}

	return value;
}

function optional(text: string | undefined, option: string) {
	return <Name extends string>(name: Name): {[Key in Name]?: number} =>
		(text === undefined ? {} : {[name]: asNumber(text, option)}) as {[Key in Name]?: number};
}
