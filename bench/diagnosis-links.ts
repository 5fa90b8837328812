/** Causes on the links between the nodes, for the diagnosis bench. */
import type {InjectedCause} from './diagnosis-cause.ts';

/** Faults of the network between the nodes: the nodes' own rules look clean. */
export const links: InjectedCause[] = [
	{
		id: 'vxlan-pair',
		what: 'udp/4789 dropped between m1 and w1, by the network',
		faults: ['block --from m1 --to w1 --both-ways --udp 4789'],
		names: [['vxlan-dropped-between-nodes']],
		nodes: ['m1', 'w1'],
	},
	{
		id: 'vxlan-one-way',
		what: 'udp/4789 from m1 to w2 dropped, by the network',
		faults: ['block --from m1 --to w2 --udp 4789'],
		names: [['vxlan-dropped-between-nodes']],
		nodes: ['m1', 'w2'],
	},
	{
		id: 'vxlan-at-node',
		what: 'udp/4789 to and from w1 dropped, by the network',
		faults: ['block --node w1 --udp 4789'],
		names: [['vxlan-dropped-between-nodes']],
		nodes: ['w1'],
	},
	{
		id: 'mtu-at-node',
		what: 'udp/4789 above 1400 bytes dropped at w1, by the network',
		faults: ['block --node w1 --udp 4789 --larger-than 1400'],
		names: [['mtu-of-path']],
		nodes: ['w1'],
	},
	{
		id: 'mtu-everywhere',
		what: 'everything above 1400 bytes dropped, by the network',
		faults: ['block --larger-than 1400'],
		names: [['mtu-of-path']],
		nodes: ['m1', 'w1', 'w2'],
	},
	{
		id: 'gossip-30s',
		what: 'tcp and udp 7946 of w2 dropped for 30 s, by the network',
		faults: ['block --node w2 --udp 7946', 'block --node w2 --tcp 7946'],
		names: [['gossip-blocked']],
		nodes: ['w2'],
		wait: 30,
	},
	{
		id: 'gossip-udp',
		what: 'udp/7946 of w2 dropped for 30 s, by the network',
		faults: ['block --node w2 --udp 7946'],
		names: [['gossip-blocked']],
		nodes: ['w2'],
		wait: 30,
	},
	{
		id: 'control-blocked',
		what: 'tcp/2377 of w2 dropped for 30 s, by the network',
		faults: ['block --from w2 --to m1 --tcp 2377'],
		names: [['control-blocked']],
		nodes: ['w2'],
		wait: 30,
	},
	{
		id: 'link-down',
		what: 'the link of w2 down for 30 s',
		faults: ['link-down --node w2'],
		names: [['cut-off']],
		nodes: ['w2'],
		wait: 30,
	},
	{
		id: 'esp',
		what: 'ESP dropped between m1 and w1, by the network; the overlay is encrypted',
		faults: ['block --from m1 --to w1 --both-ways --protocol esp'],
		names: [['esp-dropped']],
		nodes: ['m1', 'w1'],
		encrypted: true,
	},
	{
		id: 'loss',
		what: '20 % of all frames of w1 lost, by the network',
		faults: ['loss --node w1 --percent 20'],
		names: [['packets-lost']],
		nodes: ['w1'],
	},
	{
		id: 'loss-1',
		what: '1 % of all frames of w1 lost, by the network',
		faults: ['loss --node w1 --percent 1'],
		names: [['packets-lost']],
		nodes: ['w1'],
	},
	{
		id: 'late',
		what: 'all frames of w1 late by 150 ms',
		faults: ['delay --node w1 --ms 150'],
		names: [['packets-late']],
		nodes: ['w1'],
	},
	{
		id: 'corrupt',
		what: 'one bit inverted in 20 % of the frames of w1, by the network',
		faults: ['corrupt --node w1 --percent 20'],
		names: [['packets-corrupted']],
		nodes: ['w1'],
	},
	{
		id: 'twice',
		what: 'half of the frames of w1 delivered twice, by the network',
		faults: ['duplicate --node w1 --percent 50'],
		names: [['packets-twice']],
		nodes: ['w1'],
	},
];

/** What is named where a fault on links is a rule in the nodes at its ends. */
const asRules: Record<string, string> = {
	'vxlan-dropped-between-nodes': 'vxlan-dropped-by-node',
	'mtu-of-path': 'mtu-by-node',
	'gossip-blocked': 'gossip-blocked-by-node',
	'control-blocked': 'control-blocked-by-node',
	'esp-dropped': 'esp-dropped-by-node',
	'cut-off': 'dropped-by-rule',
	'packets-lost': 'dropped-by-rule',
};

/**
 * Returns what must be named of a cause on a provider. No switch of ours is between containers: faults on links are rules in the
 * nodes that receive the packets, so the nodes are to blame, and which ones depends on the direction.
 */
export function expectedOn(provider: string, cause: InjectedCause): InjectedCause {
	if (provider !== 'container' || !links.some(({faults}) => faults.some(each => cause.faults.includes(each)))) {
		return cause;
	}

	const {nodes: _, ...rest} = cause;
	return {
		...rest,
		names: cause.names.map(ids => ids.flatMap(id => (asRules[id] ? [asRules[id], 'dropped-by-rule'] : [id]))),
	};
}
