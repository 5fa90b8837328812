/** The causes that the diagnosis bench puts in, and what must be named of each. */
import type {InjectedCause} from './diagnosis-cause.ts';
import {links} from './diagnosis-links.ts';
import {odd} from './diagnosis-odd.ts';
import {ofServices} from './diagnosis-services.ts';
import {typed} from './diagnosis-typed.ts';

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

/** Containers have the kernel of this host, which need not have ip_vs: then they have no balancers. */
const ipvs = {only: 'qemu'};

const tables: InjectedCause[] = [
	inNode('m1', 'stale-backend', 'add-backend network=shop', 'a dead address in the balancer', 'stale-backend', ipvs),
	inNode(
		'w1',
		'stale-mesh',
		'add-backend port=8080',
		'a dead address behind the published port',
		'stale-backend',
		ipvs,
	),
	inNode(
		'w2',
		'backend-missing',
		'remove-backend network=shop',
		'a task missing in the balancer',
		'backend-missing',
		ipvs,
	),
	inNode(
		'w2',
		'fdb-missing',
		'remove-fdb-rows network=shop',
		'the forwarding rows of an overlay gone',
		// The kernel may have learned them again from the first packets of the others.
		['forward-row-missing', 'forward-row-learned'],
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
		ipvs,
	),
	inNode(
		'w1',
		'lb-conntrack',
		'untrack-connections network=shop',
		"`vs.conntrack` 0 in the balancer's namespace",
		'balancer-conntrack-off',
		ipvs,
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
		ipvs,
	),
	// Without a routing mesh nothing is forwarded, so the rule drops nothing.
	inNode('w1', 'forward-rule', 'add-rule', 'a rule drops before the rules of Docker', 'dropped-before-docker', ipvs),
	inNode('w1', 'forward-flushed', 'flush-chain chain=FORWARD', 'the chain FORWARD flushed', 'no-jump-to-mesh', ipvs),
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
	inNode('w1', 'card-mtu', 'set-mtu mtu=1400', 'the MTU of the card 1400', 'mtu-of-card', {spoils: true}),
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
	inNode('w2', 'disk', 'fill-disk', 'the disk full', 'disk-full', {only: 'qemu'}),
	inNode('w1', 'clock', 'step-clock seconds=3600', 'the clock an hour ahead', 'clock-wrong'),
	inNode('w2', 'paused', 'pause', 'the machine held still', 'node-unreachable'),
	inNode('w1', 'memory', 'fill-memory leaveMib=32', 'next to no memory', ['memory-short', 'out-of-memory'], {
		spoils: true,
	}),
	inNode('w2', 'containerd-killed', 'stop-containerd', 'containerd stopped', 'containerd-down', {spoils: true}),
	inNode('w2', 'engine-stopped', 'stop-engine', 'dockerd stopped in order', 'engine-down'),
	inNode('w1', 'engine-killed', 'kill-engine', 'dockerd killed', 'engine-down'),
	inNode('w2', 'module', 'withhold-module module=ip_vs', 'the module ip_vs withheld', 'module-missing', {
		early: true,
		spoils: true,
	}),
	inNode('w2', 'power-off', 'power-off', 'the power off', 'node-unreachable', {wait: 20, spoils: true}),
];

const all = [...links, ...tables, ...packetFilters, ...settings, ...machines];

/** Two causes at once: both must be named. */
const pairs: InjectedCause[] = [
	['stale-backend', 'mesh-flushed'],
	['vxlan-pair', 'lb-forward'],
	['gossip-udp', 'mesh-flushed'],
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
		...both.filter(({only}) => only).map(({only}) => ({only}))[0],
	};
});

export const causes: InjectedCause[] = [
	{id: 'nothing', what: 'nothing', faults: [], names: []},
	...all,
	...pairs,
	...typed,
	...odd,
	...ofServices,
	{
		id: 'nothing-busy',
		what: 'nothing, on a host whose CPUs are busy',
		faults: [],
		names: [],
		also: ['starved'],
		busy: true,
	},
];
