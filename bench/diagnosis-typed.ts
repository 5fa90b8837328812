/** Causes that are no faults of swarmlab's: commands that are typed on a node. The tool knows nothing of them. */
import type {InjectedCause} from './diagnosis-cause.ts';

/** A cause that is typed on one node. No name: nothing may be named. */
export const on = (
	node: string,
	id: string,
	what: string,
	[put, undo]: [put: string, undo: string],
	name: string | readonly string[],
	more: Partial<InjectedCause> = {},
): InjectedCause => ({
	id: `typed-${id}`,
	what: `${what} on ${node}`,
	faults: [],
	typed: [{node, put, undo}],
	names: name.length === 0 ? [] : [typeof name === 'string' ? [name] : name],
	...(name.length > 0 && {nodes: [node]}),
	...more,
});

const dropped: InjectedCause[] = [
	on(
		'w1',
		'mangle-drop',
		'`iptables -t mangle -I PREROUTING -s W2 -j DROP`',
		['iptables -t mangle -I PREROUTING -s $w2 -j DROP', 'iptables -t mangle -D PREROUTING -s $w2 -j DROP'],
		'dropped-by-rule',
	),
	on(
		'w1',
		'output-drop',
		'`iptables -I OUTPUT -d M1 -p udp -j DROP`',
		['iptables -I OUTPUT -d $m1 -p udp -j DROP', 'iptables -D OUTPUT -d $m1 -p udp -j DROP'],
		'dropped-by-rule',
	),
	on(
		'w1',
		'nft-drop',
		'a table of nft that drops what comes from w2',
		[
			"nft add table inet mine; nft add chain inet mine in '{ type filter hook input priority -10; }'; nft add rule inet mine in ip saddr $w2 drop",
			'nft delete table inet mine',
		],
		'dropped-by-rule',
	),
	on(
		'w1',
		'user-drop',
		'`iptables -I DOCKER-USER -i docker_gwbridge -j DROP`',
		['iptables -I DOCKER-USER -i docker_gwbridge -j DROP', 'iptables -D DOCKER-USER -i docker_gwbridge -j DROP'],
		// No request passes the mesh while evidence is taken.
		['dropped-by-rule', 'rule-has-dropped'],
		{only: 'qemu'},
	),
	on(
		'w1',
		'overlay-nft',
		'a table of nft in the namespace of the overlay that drops what is bridged',
		[
			"nsenter --net=$overlay nft 'add table bridge mine'; nsenter --net=$overlay nft 'add chain bridge mine p { type filter hook prerouting priority -300; policy drop; }'",
			"nsenter --net=$overlay nft 'delete table bridge mine'",
		],
		'dropped-inside-node',
	),
	on(
		'w1',
		'tc-filter',
		'a filter of `tc` that drops VXLAN',
		[
			'tc qdisc add dev $card ingress; tc filter add dev $card parent ffff: protocol ip u32 match ip protocol 17 0xff match ip dport 4789 0xffff action drop',
			'tc qdisc del dev $card ingress',
		],
		'traffic-control',
		{only: 'qemu'},
	),
	on(
		'w2',
		'netem',
		'`tc qdisc add dev CARD root netem loss 30%`',
		['tc qdisc add dev $card root netem loss 30%', 'tc qdisc del dev $card root'],
		'traffic-control',
		{only: 'qemu'},
	),
];

const elsewhere: InjectedCause[] = [
	on(
		'w1',
		'ip-rule',
		'`ip rule` to a table that discards what is for w2',
		[
			'ip route add blackhole $w2 table 77; ip rule add to $w2 lookup 77',
			'ip rule del to $w2 lookup 77; ip route flush table 77',
		],
		'route-to-node-wrong',
	),
	on(
		'w1',
		'neighbour',
		'a permanent row with a wrong hardware address of w2',
		['ip neigh replace $w2 lladdr 02:00:00:00:de:ad nud permanent dev $card', 'ip neigh del $w2 dev $card'],
		'lan-neighbour-wrong',
	),
	on(
		'w1',
		'netmask',
		'a netmask of 30 bits',
		[
			'ip address del $w1/$bits dev $card; ip address add $w1/30 dev $card',
			'ip address del $w1/30 dev $card; ip address add $w1/24 brd + dev $card',
		],
		'netmask-differs',
		{only: 'qemu'},
	),
	on(
		'w1',
		'vxlan-down',
		'`ip link set vxlan0 down` in the namespace of the overlay',
		[
			'nsenter --net=$overlay ip neigh show dev vxlan0 nud permanent > /run/typed; nsenter --net=$overlay ip link set vxlan0 down',
			// The kernel forgets the neighbours of a device that goes down, permanent ones, too.
			'nsenter --net=$overlay ip link set vxlan0 up; while read -r a _ m _; do nsenter --net=$overlay ip neigh replace $a lladdr $m dev vxlan0 nud permanent; done < /run/typed; rm /run/typed',
		],
		'overlay-device-down',
	),
	on(
		'w1',
		'task-card-down',
		"the card of the service's container down",
		[
			"for c in $(docker ps -q -f name=^web); do nsenter --net=/proc/$(docker inspect -f '{{.State.Pid}}' $c)/ns/net ip link set eth0 down; done",
			"for c in $(docker ps -q -f name=^web); do nsenter --net=/proc/$(docker inspect -f '{{.State.Pid}}' $c)/ns/net ip link set eth0 up; done",
		],
		'overlay-device-down',
	),
	on(
		'w1',
		'marks-flushed',
		'the mangle table of a balancer flushed',
		[
			'nsenter --net=$lb iptables-save -t mangle > /run/typed; nsenter --net=$lb iptables -t mangle -F',
			'nsenter --net=$lb iptables-restore -T mangle < /run/typed; rm /run/typed',
		],
		'balancer-mark-missing',
		{only: 'qemu'},
	),
];

const processes: InjectedCause[] = [
	on(
		'w1',
		'shim-stopped',
		'SIGSTOP for the shims of containers',
		['kill -STOP $(pidof containerd-shim-runc-v2)', 'kill -CONT $(pidof containerd-shim-runc-v2)'],
		'process-stopped',
	),
	on(
		'w1',
		'task-paused',
		'`docker pause` for a task',
		['docker pause $(docker ps -q -f name=^web)', 'docker unpause $(docker ps -q -f name=^web)'],
		'process-stopped',
	),
	on(
		'w1',
		'conntrack',
		'a table for 16 connections',
		[
			'cat /proc/sys/net/netfilter/nf_conntrack_max > /run/typed; echo 16 > /proc/sys/net/netfilter/nf_conntrack_max',
			'cat /run/typed > /proc/sys/net/netfilter/nf_conntrack_max; rm /run/typed',
		],
		'table-full',
		{only: 'qemu', wait: 5},
	),
	on(
		'w2',
		'fallocate',
		'`fallocate` of what is free under /var/lib/docker',
		[
			"fallocate -l $(($(df -k /var/lib/docker | tail -n 1 | sed 's/  */ /g' | cut -d ' ' -f 4) - 500))K /var/lib/docker/typed",
			'rm /var/lib/docker/typed',
		],
		'disk-full',
		{only: 'qemu'},
	),
];

/** These break nothing now, so nothing may be named. */
const harmless: InjectedCause[] = [
	on(
		'm1',
		'raft-mode',
		'`chmod 000` of the folder of raft',
		['chmod 000 /var/lib/docker/swarm/raft', 'chmod 700 /var/lib/docker/swarm/raft'],
		[],
	),
	on(
		'w1',
		'second-vxlan',
		'a VXLAN device of its own, on another port',
		['ip link add vx9 type vxlan id 99 dev $card remote $w2 dstport 4790; ip link set vx9 up', 'ip link del vx9'],
		[],
	),
	on('w1', 'tcp-wrappers', '`ALL: ALL` in hosts.deny', ["echo 'ALL: ALL' > /etc/hosts.deny", 'rm /etc/hosts.deny'], []),
	on(
		'w1',
		'other-rule',
		'rules that drop what swarms do not need',
		['iptables -I INPUT -p udp --dport 5353 -j DROP', 'iptables -D INPUT -p udp --dport 5353 -j DROP'],
		[],
	),
];

const single = [...dropped, ...elsewhere, ...processes, ...harmless];

const pairs: InjectedCause[] = [
	['typed-mangle-drop', 'typed-task-paused'],
	['typed-vxlan-down', 'typed-shim-stopped'],
].map(ids => {
	const both = ids.map(id => single.find(each => each.id === id)!);
	return {
		id: ids.join('+'),
		what: both.map(({what}) => what).join('; and '),
		faults: [],
		typed: both.flatMap(({typed = []}) => typed),
		names: both.flatMap(({names}) => names),
		nodes: [...new Set(both.flatMap(({nodes = []}) => nodes))],
	};
});

export const typed: InjectedCause[] = [...single, ...pairs];
