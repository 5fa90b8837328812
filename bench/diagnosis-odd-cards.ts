/** Odd causes in cards and addresses that the engine has made: commands that are typed on w1. */
import type {InjectedCause} from './diagnosis-cause.ts';
import {inTasks} from './diagnosis-odd-tasks.ts';
import {on} from './diagnosis-typed.ts';

/** The card of the service's container on the overlay `shop`, and its address there, in the variables `i` and `a`. */
const card = (command: string) =>
	inTasks(
		`sh -c 'a=$(docker inspect -f "{{.NetworkSettings.Networks.shop.IPAddress}}" $0); i=$(ip -o -4 address show to $a | cut -d " " -f 2); ${command}' $c`,
	);
const bridge = 'ip -4 -o address show dev docker_gwbridge';

export const ofCards: InjectedCause[] = [
	on(
		'w1',
		'port',
		"the port of a container taken out of the overlay's bridge",
		[
			'nsenter --net=$overlay ip -o link show type veth | sed "s/^[0-9]*: //; s/[@:].*//; q" > /run/typed; nsenter --net=$overlay ip link set $(cat /run/typed) nomaster',
			'nsenter --net=$overlay ip link set $(cat /run/typed) master br0; rm /run/typed',
		],
		'bridge-port-wrong',
	),
	on(
		'w1',
		'hardware',
		"another hardware address for the card of the service's container",
		[
			card('ip -o link show $i | sed "s/.*ether //; s/ .*//" > /run/typed; ip link set $i address 02:42:0a:c8:77:77'),
			card('ip link set $i address $(cat /run/typed)'),
		],
		'container-card-changed',
	),
	on(
		'w1',
		'task-mtu',
		"an MTU of 9000 for the card of the service's container",
		[card('ip link set $i mtu 9000'), card('ip link set $i mtu 1450')],
		'container-card-changed',
	),
	on(
		'w1',
		'policy',
		'`ip xfrm policy add dst W2 dir out action block`',
		[
			'ip xfrm policy add src 0.0.0.0/0 dst $w2/32 dir out action block',
			'ip xfrm policy delete src 0.0.0.0/0 dst $w2/32 dir out',
		],
		'blocked-by-policy',
	),
	on(
		'w1',
		'gateway-address',
		'docker_gwbridge without its address',
		[
			`${bridge} | sed 's/.* inet //; s/ .*//' > /run/typed; ip address del $(cat /run/typed) dev docker_gwbridge`,
			'ip address add $(cat /run/typed) brd + dev docker_gwbridge; rm /run/typed',
		],
		'gateway-address-gone',
	),
	on(
		'w1',
		'forwarding',
		'`net.ipv4.conf.CARD.forwarding` 0',
		['echo 0 > /proc/sys/net/ipv4/conf/$card/forwarding', 'echo 1 > /proc/sys/net/ipv4/conf/$card/forwarding'],
		'node-does-not-forward',
		{only: 'qemu'},
	),
];
