/**
 * Causes in places where the evidence shows little: commands that are typed on w1, and that are no faults of swarmlab's. "Unknown"
 * is a right answer to some of them. A cause that is not there is never one.
 */
import type {InjectedCause} from './diagnosis-cause.ts';
import {ofBalancers} from './diagnosis-odd-balancers.ts';
import {ofCards} from './diagnosis-odd-cards.ts';
import {inTasks, ofTasks} from './diagnosis-odd-tasks.ts';
import {on} from './diagnosis-typed.ts';

/** Sets a file of /proc/sys, behind a command that enters a namespace, and what undoes it. */
const setting = (enter: string, file: string, value: string): [put: string, undo: string] => [
	`${enter} sh -c 'cat /proc/sys/${file}' > /run/typed; ${enter} sh -c 'echo ${value} > /proc/sys/${file}'`,
	`${enter} sh -c "echo $(cat /run/typed) > /proc/sys/${file}"; rm /run/typed`,
];
const inOverlay = 'nsenter --net=$overlay';
const inBalancer = 'nsenter --net=$lb';
const inMesh = 'nsenter --net=/var/run/docker/netns/ingress_sbox';
/** Nothing need be named. */
const unknown: readonly string[] = [];

/** Echo requests get no answer, and everything else works: what is measured with them shows nothing. */
const echoes: InjectedCause[] = [
	on('w1', 'no-echo', '`icmp_echo_ignore_all` 1', setting('env', 'net/ipv4/icmp_echo_ignore_all', '1'), unknown),
	on(
		'w1',
		'no-echo-balancer',
		'`icmp_echo_ignore_all` 1 in the namespaces of the balancer and of the mesh',
		[
			`for n in $lb /var/run/docker/netns/ingress_sbox; do nsenter --net=$n sh -c 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all'; done`,
			`for n in $lb /var/run/docker/netns/ingress_sbox; do nsenter --net=$n sh -c 'echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all'; done`,
		],
		unknown,
		{only: 'qemu'},
	),
	on(
		'w1',
		'no-echo-tasks',
		"`icmp_echo_ignore_all` 1 in the service's containers",
		[1, 0].map(value => inTasks(`sh -c 'echo ${value} > /proc/sys/net/ipv4/icmp_echo_ignore_all'`)) as [string, string],
		unknown,
	),
	on(
		'w1',
		'icmp-rule',
		'`iptables -I INPUT -p icmp -j DROP`',
		['iptables -I INPUT -p icmp -j DROP', 'iptables -D INPUT -p icmp -j DROP'],
		// It drops, and nothing needs what it drops.
		unknown,
		{also: ['dropped-by-rule', 'rule-has-dropped']},
	),
];

const devices: InjectedCause[] = [
	on(
		'w1',
		'vxlan-loss',
		'`tc qdisc add dev vxlan0 root netem loss 100%` in the namespace of the overlay',
		[`${inOverlay} tc qdisc add dev vxlan0 root netem loss 100%`, `${inOverlay} tc qdisc del dev vxlan0 root`],
		['traffic-control-inside'],
		{only: 'qemu'},
	),
	on(
		'w1',
		'vxlan-mtu',
		'`ip link set vxlan0 mtu 1200` in the namespace of the overlay',
		[`${inOverlay} ip link set vxlan0 mtu 1200`, `${inOverlay} ip link set vxlan0 mtu 1450`],
		['mtu-of-overlay'],
	),
	on(
		'w1',
		'vxlan-alone',
		'`ip link set vxlan0 nomaster` in the namespace of the overlay',
		[`${inOverlay} ip link set vxlan0 nomaster`, `${inOverlay} ip link set vxlan0 master br0`],
		['bridge-port-wrong'],
	),
	on(
		'w1',
		'bridge-down',
		'`ip link set br0 down` in the namespace of the overlay',
		[`${inOverlay} ip link set br0 down`, `${inOverlay} ip link set br0 up`],
		['overlay-device-down'],
	),
	on(
		'w1',
		'shaper',
		'`tc qdisc add dev CARD root tbf rate 64kbit …`',
		['tc qdisc add dev $card root tbf rate 64kbit burst 4kb latency 50ms', 'tc qdisc del dev $card root'],
		'traffic-control',
		{only: 'qemu'},
	),
	on(
		'w1',
		'gwbridge-down',
		'`ip link set docker_gwbridge down`',
		['ip link set docker_gwbridge down', 'ip link set docker_gwbridge up'],
		['overlay-device-down'],
		{only: 'qemu'},
	),
];

const balancers: InjectedCause[] = [
	on(
		'w1',
		'weights',
		'all weights 0 in the balancer',
		[
			`${inBalancer} ipvsadm -Sn > /run/typed; ${inBalancer} ipvsadm -C; sed 's/-w 1/-w 0/' /run/typed | ${inBalancer} ipvsadm -R`,
			`${inBalancer} ipvsadm -C; ${inBalancer} ipvsadm -R < /run/typed; rm /run/typed`,
		],
		'backend-missing',
		{only: 'qemu'},
	),
	on(
		'w1',
		'balancer-empty',
		'`ipvsadm -C` in the namespace of the balancer',
		[
			`${inBalancer} ipvsadm -Sn > /run/typed; ${inBalancer} ipvsadm -C`,
			`${inBalancer} ipvsadm -R < /run/typed; rm /run/typed`,
		],
		'backend-missing',
		{only: 'qemu'},
	),
	on(
		'w1',
		'balancer-down',
		'`ip link set eth0 down` in the namespace of the balancer',
		[`${inBalancer} ip link set eth0 down`, `${inBalancer} ip link set eth0 up`],
		'overlay-device-down',
		{only: 'qemu'},
	),
	on(
		'w1',
		'balancer-nat',
		'the nat table of the balancer flushed',
		[
			`${inBalancer} iptables-save -t nat > /run/typed; ${inBalancer} iptables -t nat -F POSTROUTING`,
			`${inBalancer} iptables-restore -T nat < /run/typed; rm /run/typed`,
		],
		'balancer-address-missing',
		{only: 'qemu'},
	),
	on(
		'w1',
		'mesh-nat',
		'the nat table of the mesh flushed',
		[
			`${inMesh} iptables-save -t nat > /run/typed; ${inMesh} iptables -t nat -F POSTROUTING`,
			`${inMesh} iptables-restore -T nat < /run/typed; rm /run/typed`,
		],
		'balancer-address-missing',
		{only: 'qemu'},
	),
	on(
		'w1',
		'mesh-marks',
		'the mangle table of the mesh flushed',
		[
			`${inMesh} iptables-save -t mangle > /run/typed; ${inMesh} iptables -t mangle -F`,
			`${inMesh} iptables-restore -T mangle < /run/typed; rm /run/typed`,
		],
		'balancer-mark-missing',
		{only: 'qemu'},
	),
	on(
		'w1',
		'mesh-route',
		'the default route of the mesh gone',
		[
			`${inMesh} ip route show default > /run/typed; ${inMesh} ip route del default`,
			`${inMesh} ip route add $(cat /run/typed); rm /run/typed`,
		],
		'route-inside-wrong',
		{only: 'qemu'},
	),
];

const elsewhere: InjectedCause[] = [
	on(
		'w1',
		'no-arp',
		'`ip link set CARD arp off`',
		['ip link set $card arp off; ip neigh flush dev $card', 'ip link set $card arp on'],
		'arp-off',
	),
	on(
		'w1',
		'balancer-route',
		'the route to the network gone in the namespace of the balancer',
		[
			`${inBalancer} ip route | head -n 1 > /run/typed; ${inBalancer} ip route del $(cat /run/typed)`,
			`${inBalancer} ip route add $(cat /run/typed); rm /run/typed`,
		],
		'route-inside-wrong',
		{only: 'qemu'},
	),
	on(
		'w1',
		'snat',
		'VXLAN leaves from another address, by a rule of the nat table',
		[
			'ip address add $net.201/32 dev $card; iptables -t nat -I POSTROUTING -o $card -p udp --dport 4789 -j SNAT --to-source $net.201; conntrack -F 2> /dev/null || :',
			'iptables -t nat -D POSTROUTING -o $card -p udp --dport 4789 -j SNAT --to-source $net.201; ip address del $net.201/32 dev $card',
		],
		'vtep-other-source',
		// The kernel has translated connections, and keeps to that.
		{spoils: true},
	),
	on(
		'w1',
		'notrack',
		'`iptables -t raw -I PREROUTING -p tcp --dport 8080 -j NOTRACK`',
		[
			'iptables -t raw -I PREROUTING -p tcp --dport 8080 -j NOTRACK',
			'iptables -t raw -D PREROUTING -p tcp --dport 8080 -j NOTRACK',
		],
		'untracked-by-rule',
		{only: 'qemu'},
	),
	on('w1', 'rp-filter', '`rp_filter` 1', setting('env', 'net/ipv4/conf/all/rp_filter', '1'), unknown),
];

export const odd: InjectedCause[] = [
	...echoes,
	...devices,
	...balancers,
	...ofBalancers,
	...ofTasks,
	...ofCards,
	...elsewhere,
].map(cause => ({
	...cause,
	id: cause.id.replace(/^typed-/, 'odd-'),
}));
