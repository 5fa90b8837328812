/** Odd causes in balancers and in the rules that lead to them: commands that are typed on w1. Containers have no balancers. */
import type {InjectedCause} from './diagnosis-cause.ts';
import {on} from './diagnosis-typed.ts';

const inBalancer = 'nsenter --net=$lb';
const published = 'PREROUTING -p tcp --dport 8080';
const jump = 'PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS';

/** Changes what ipvsadm prints for its own -R, and puts that in its place. */
const changed = (id: string, what: string, change: string): InjectedCause =>
	on(
		'w1',
		id,
		`${what} in the balancer`,
		[
			`${inBalancer} ipvsadm -Sn > /run/typed; ${inBalancer} ipvsadm -C; sed '${change}' /run/typed | ${inBalancer} ipvsadm -R`,
			`${inBalancer} ipvsadm -C; ${inBalancer} ipvsadm -R < /run/typed; rm /run/typed`,
		],
		'balancer-changed',
		{only: 'qemu'},
	);

const set = (id: string, name: string, value: number): InjectedCause =>
	on(
		'w1',
		id,
		`\`net.ipv4.vs.${name}\` ${value} in the namespace of the balancer`,
		[value, 0].map(each => `${inBalancer} sh -c 'echo ${each} > /proc/sys/net/ipv4/vs/${name}'`) as [string, string],
		'balancer-changed',
		{only: 'qemu'},
	);

const rule = (id: string, what: string, typed: [put: string, undo: string], name: string): InjectedCause =>
	on('w1', id, what, typed, name, {only: 'qemu'});

export const ofBalancers: InjectedCause[] = [
	changed('scheduler', 'scheduler sh', 's/-s rr/-s sh/'),
	changed('persistent', 'persistence of 300 s', 's/-s rr/-s rr -p 300/'),
	changed('direct', 'direct routing', 's/ -m / -g /'),
	set('drop-packet', 'drop_packet', 3),
	set('backup-only', 'backup_only', 1),
	rule(
		'timeouts',
		'`ipvsadm --set 10 10 10` in the namespace of the balancer',
		[`${inBalancer} ipvsadm --set 10 10 10`, `${inBalancer} ipvsadm --set 900 120 300`],
		'balancer-forgets-soon',
	),
	rule(
		'redirect',
		`\`iptables -t nat -I ${published} -j REDIRECT --to-ports 81\``,
		[
			`iptables -t nat -I ${published} -j REDIRECT --to-ports 81`,
			`iptables -t nat -D ${published} -j REDIRECT --to-ports 81`,
		],
		'redirected-by-rule',
	),
	rule(
		'mesh-jump',
		'the jump from PREROUTING to DOCKER-INGRESS gone',
		[`iptables -t nat -D ${jump}`, `iptables -t nat -I ${jump}`],
		'no-jump-to-mesh-ports',
	),
	rule(
		'masquerade',
		'POSTROUTING of the nat table flushed',
		[
			'iptables-save -t nat > /run/typed; iptables -t nat -F POSTROUTING',
			'iptables-restore -T nat < /run/typed; rm /run/typed',
		],
		'masquerade-missing',
	),
];
