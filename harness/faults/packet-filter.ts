/** Faults of a node's packet filter. Cards that the harness needs stay open. */
import {z} from 'zod';
import {nodeFault} from './node-fault.ts';
import {count, peer, port} from './options.ts';

const table = z.enum(['filter', 'nat', 'mangle', 'raw']).default('filter');
const chain = z.string().regex(/^[\w-]{1,28}$/);

export const packetFilterFaults = {
	'drop-packets': nodeFault({
		about: "Rules drop packets that come in by the LAN's card, or go out. Undo removes these rules.",
		options: z
			.strictObject({
				protocol: z.enum(['tcp', 'udp', 'icmp', 'esp']).optional(),
				port: port.optional().describe('destination port'),
				largerThan: count.max(65_534).optional().describe('only packets of more bytes than this, with the IP header'),
				direction: z.enum(['in', 'out', 'both']).default('in'),
				peer,
			})
			.refine(
				({protocol, port}) => port === undefined || protocol === 'tcp' || protocol === 'udp',
				'a port needs the protocol tcp or udp',
			),
		what: ({protocol = 'everything', port, largerThan, direction, peer}) =>
			[
				protocol,
				...(port === undefined ? [] : [`to port ${port}`]),
				...(largerThan === undefined ? [] : [`larger than ${largerThan} bytes`]),
				...(peer ? [`from or to ${peer}`] : []),
				`is dropped by its packet filter (${direction === 'both' ? 'in and out' : direction})`,
			].join(' '),
		script: 'drop-packets',
	}),
	'default-drop': nodeFault({
		about: 'The policy of INPUT or FORWARD is DROP. Undo restores the policy.',
		options: z.strictObject({chain: z.enum(['INPUT', 'FORWARD']).default('INPUT')}),
		what: ({chain}) => `the policy of ${chain} is DROP`,
		script: 'default-drop',
	}),
	'add-rule': nodeFault({
		about: 'A rule is the first of a chain. Undo removes it.',
		options: z.strictObject({
			chain: chain.default('FORWARD'),
			table,
			rule: z
				.string()
				.regex(/^[\w .,:/!=-]+$/)
				.default('-j DROP')
				.describe('words for iptables'),
		}),
		what: ({chain, rule}) => `${chain} begins with the rule ${rule}`,
		script: 'add-rule',
	}),
	'flush-chain': nodeFault({
		about: "One chain, such as one of Docker's, is empty. Undo puts its rules back at their places.",
		options: z.strictObject({chain, table}),
		what: ({chain, table}) => `the chain ${chain} of ${table} is empty`,
		script: 'flush-chain',
	}),
	'mix-packet-filters': nodeFault({
		about: 'Rules exist in nft and in legacy tables; those that Docker does not use drop what is forwarded.',
		options: z.strictObject({}),
		what: () => 'the other kind of iptables drops what is forwarded',
		// Its tables are modules of the kernel.
		needs: () => 'machine',
		script: 'mix-packet-filters',
	}),
};
