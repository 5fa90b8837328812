/** The causes that the diagnosis bench puts in, and what must be named of each. */
import type {InjectedCause} from './diagnosis-cause.ts';

/** Faults of the network between the nodes: the nodes' own rules look clean. */
const links: InjectedCause[] = [
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
		id: 'late',
		what: 'all frames of w1 late by 300 ms',
		faults: ['delay --node w1 --ms 300'],
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

/** Faults in one node. Most rows differ in what is put in, and in the one thing that must be named. */
const inNode = (
	node: string,
	id: string,
	fault: string,
	what: string,
	name: string | readonly string[],
	more: Partial<InjectedCause> = {},
): InjectedCause => {
	const [kind, ...options] = fault.split(' ');
	return {
		id,
		what: `${what} on ${node}`,
		faults: [[kind, '--node', node, ...options.flatMap(each => ['--with', each])].join(' ')],
		names: [typeof name === 'string' ? [name] : name],
		nodes: [node],
		...more,
	};
};

const tables: InjectedCause[] = [
	inNode('m1', 'stale-backend', 'add-backend network=shop', 'a dead address in the balancer', 'stale-backend'),
	inNode('w1', 'stale-mesh', 'add-backend port=8080', 'a dead address behind the published port', 'stale-backend'),
	inNode('w2', 'backend-missing', 'remove-backend network=shop', 'a task missing in the balancer', 'backend-missing'),
	inNode(
		'w2',
		'fdb-missing',
		'remove-fdb-rows network=shop',
		'the forwarding rows of an overlay gone',
		'forward-row-missing',
	),
	inNode(
		'w2',
		'fdb-wrong',
		'misdirect-fdb-rows network=shop',
		'forwarding rows that lead to a wrong node',
		'forward-row-wrong',
	),
	inNode(
		'w1',
		'neighbour-missing',
		'remove-neighbours network=shop',
		'the neighbour rows of an overlay gone',
		'forward-row-missing',
	),
	inNode(
		'w1',
		'neighbour-wrong',
		'misdirect-neighbours network=shop',
		'neighbour rows with wrong MACs',
		'forward-row-wrong',
	),
	inNode(
		'w1',
		'lb-forward',
		'stop-forwarding network=shop',
		"`ip_forward` 0 in the balancer's namespace",
		'balancer-does-not-forward',
	),
	inNode(
		'w1',
		'lb-conntrack',
		'untrack-connections network=shop',
		"`vs.conntrack` 0 in the balancer's namespace",
		'balancer-conntrack-off',
	),
	inNode('w1', 'keys', 'remove-spi', 'the keys of an encrypted overlay gone', 'keys-differ', {encrypted: true}),
];

const packetFilters: InjectedCause[] = [
	inNode('w1', 'rule-vxlan', 'drop-packets protocol=udp port=4789', 'a rule drops udp/4789', 'vxlan-dropped-by-node'),
	inNode(
		'w1',
		'rule-mtu',
		'drop-packets protocol=udp port=4789 largerThan=1400',
		'a rule drops udp/4789 above 1400 bytes',
		'mtu-by-node',
	),
	inNode('w1', 'rule-gossip', 'drop-packets protocol=udp port=7946', 'a rule drops udp/7946', 'gossip-blocked-by-node'),
	inNode(
		'm1',
		'rule-control',
		'drop-packets protocol=tcp port=2377',
		'a rule drops tcp/2377',
		'control-blocked-by-node',
	),
	inNode(
		'w1',
		'rule-esp',
		'drop-packets protocol=esp',
		'a rule drops ESP; the overlay is encrypted',
		'esp-dropped-by-node',
		{encrypted: true},
	),
	inNode(
		'w2',
		'mesh-flushed',
		'flush-chain table=nat chain=DOCKER-INGRESS',
		'the chain DOCKER-INGRESS flushed',
		'mesh-rules-missing',
	),
	inNode('w1', 'forward-rule', 'add-rule', 'a rule drops before the rules of Docker', 'dropped-before-docker'),
	inNode('w1', 'forward-flushed', 'flush-chain chain=FORWARD', 'the chain FORWARD flushed', 'no-jump-to-mesh'),
	inNode('w1', 'input-policy', 'default-drop', 'the policy of INPUT is DROP', 'input-dropped-by-node', {wait: 20}),
	inNode('w1', 'two-filters', 'mix-packet-filters', 'the other kind of iptables drops what is forwarded', [
		'two-packet-filters',
		'dropped-before-docker',
	]),
];

const settings: InjectedCause[] = [
	inNode(
		'w1',
		'node-forward',
		'set-sysctl name=net.ipv4.ip_forward value=0',
		'`ip_forward` 0',
		'node-does-not-forward',
	),
	inNode('w1', 'card-mtu', 'set-mtu mtu=1400', 'the MTU of the card 1400', 'mtu-of-card'),
	inNode('w1', 'card-down', 'interface-down', 'the card down', 'card-down', {wait: 20}),
	inNode('w2', 'address-twice', 'duplicate-address peer=w1', 'the address of w1, too,', 'address-twice', {wait: 10}),
	inNode('w1', 'vtep-source', 'change-vtep-source', 'VXLAN leaves from another address', 'vtep-other-source'),
	inNode('w1', 'vxlan-moved', 'move-vxlan-port', 'VXLAN for 4789 goes to 8472', 'vxlan-port-differs'),
	inNode('w2', 'vxlan-taken', 'take-vxlan-port', 'another program has udp/4789', 'vxlan-port-taken', {spoils: true}),
	inNode(
		'w1',
		'resolver',
		'set-resolver nameserver=10.200.0.77',
		"a name server inside of the swarm's pool",
		'resolver-in-pool',
	),
	inNode('w1', 'route', 'add-route', "a route into the swarm's pool", 'route-in-pool'),
];

const machines: InjectedCause[] = [
	inNode('w2', 'engine-paused', 'pause-engine', 'dockerd gets SIGSTOP', 'engine-hangs'),
	inNode('w1', 'containerd-paused', 'pause-containerd', 'containerd gets SIGSTOP', 'containerd-hangs'),
	inNode('w2', 'disk', 'fill-disk', 'the disk full', 'disk-full'),
	inNode('w1', 'clock', 'step-clock seconds=3600', 'the clock an hour ahead', 'clock-wrong'),
	inNode('w2', 'paused', 'pause', 'the machine held still', 'node-unreachable'),
	inNode('w1', 'memory', 'fill-memory leaveMib=32', 'next to no memory', ['memory-short', 'out-of-memory'], {
		spoils: true,
	}),
	inNode('w2', 'containerd-killed', 'stop-containerd', 'containerd stopped', 'containerd-down', {spoils: true}),
	inNode('w2', 'engine-stopped', 'stop-engine', 'dockerd stopped in order', 'engine-down'),
	inNode('w1', 'engine-killed', 'kill-engine', 'dockerd killed', 'engine-down'),
	inNode('w2', 'module', 'withhold-module module=ip_vs', 'the module ip_vs withheld', 'module-missing', {spoils: true}),
	inNode('w2', 'power-off', 'power-off', 'the power off', 'node-unreachable', {wait: 20, spoils: true}),
];

const all = [...links, ...tables, ...packetFilters, ...settings, ...machines];

/** Two causes at once: both must be named. */
const pairs: InjectedCause[] = [
	['stale-backend', 'mesh-flushed'],
	['vxlan-pair', 'lb-forward'],
	['gossip-30s', 'fdb-missing'],
	['mtu-at-node', 'stale-backend'],
	['rule-gossip', 'node-forward'],
	['vxlan-at-node', 'disk'],
].map(ids => {
	const both = ids.map(id => all.find(each => each.id === id)!);
	return {
		id: ids.join('+'),
		what: both.map(({what}) => what).join('; and '),
		faults: both.flatMap(({faults}) => faults),
		names: both.flatMap(({names}) => names),
		nodes: [...new Set(both.flatMap(({nodes = []}) => nodes))],
		wait: Math.max(0, ...both.map(({wait = 0}) => wait)),
	};
});

export const causes: InjectedCause[] = [
	{id: 'nothing', what: 'nothing', faults: [], names: []},
	...all,
	...pairs,
	{
		id: 'nothing-busy',
		what: 'nothing, on a host whose CPUs are busy',
		faults: [],
		names: [],
		also: ['starved'],
		busy: true,
	},
];
