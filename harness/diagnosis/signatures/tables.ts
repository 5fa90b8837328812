/** Causes in the tables of a node: balancers, forwarding rows, settings of namespaces. */
import {differencesOf, either, linesOf, unlessOfGossip} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {keptBalancersOn} from '../tasks.ts';
import {lineOf} from '../view.ts';

/**
 * Sightings of a setting of balancer namespaces. One that balances nothing is left out: the engine sets vs/conntrack when it puts
 * the first service in (libnetwork service_linux.go), so before that it is 0.
 */
function setting(name: string, wrong: string): (seen: Seen) => Sighting[] {
	return ({view}) =>
		view.nodes.flatMap(node => {
			const found = node.balancers.filter(each => each.backends.length > 0 && each.settings.get(name)?.value === wrong);
			const lines = found.map(each => {
				const {line} = each.settings.get(name)!;
				return {...line, text: `=== ${each.namespace}: ${line.text}`};
			});
			return lines.length > 0
				? [
						{
							...{node: node.name, lines, about: 'ip_vs' as const},
							detail: found.map(each => `${node.name} ${each.namespace}`).join(', '),
						},
					]
				: [];
		});
}

/** Nodes that lack backends, and whose engine could not give the virtual address to a balancer a second time. */
function refusedByAlias(seen: Seen): Sighting[] {
	const logs = linesOf('dockerd-log', /Failed add IP alias .*: file exists/)(seen);
	return unlessOfGossip('missing-backend')(seen).flatMap(sighting => {
		const log = logs.find(({node}) => node === sighting.node);
		return log ? [{...sighting, lines: [...log.lines.slice(-1), ...sighting.lines]}] : [];
	});
}

/** The card between the nodes, or docker_gwbridge, does not forward, though the node does. */
function cardDoesNotForward({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const [, card = 'docker_gwbridge'] =
			new RegExp(String.raw`inet ${node.address.replaceAll('.', '\\.')}/.* (\S+)$`, 'm').exec(node.text('addresses')) ??
			[];
		const lines = node.lines('sysctl', new RegExp(`/ipv4/conf/(?:${card}|docker_gwbridge)/forwarding:0$`));
		return lines.length > 0 ? [{node: node.name, lines}] : [];
	});
}

function keepsBalancer({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const kept = keptBalancersOn(view, node);
		const lines = kept.map(({name, address, seconds}) =>
			lineOf(
				node,
				`${node.name}/networks.txt`,
				`=== ${name}: ${name}-endpoint ${address} alone, ${Math.round(seconds)} s after the end of the last task`,
			),
		);
		const detail = kept.map(({name, address}) => `${address} on network ${name}`).join(', ');
		return lines.length > 0 ? [{node: node.name, lines, detail}] : [];
	});
}

export const tables: Signature[] = [
	{
		id: 'stale-backend',
		blame: 'product',
		confidence: 'certain',
		cause: 'A balancer still has a backend that is no task: {detail}. Every k-th connection goes there and hangs.',
		remedy:
			'Restart the engine of {nodes}, or remove the row with `ipvsadm -d` in the namespace that the line names. If it was not added by hand, report it with this evidence.',
		issue: 'moby#26946, moby#33790',
		versions: '1.12 to 18.x, seldom later',
		requires: ['balancer', 'balancer-after', 'tasks'],
		shows: differencesOf('stale-backend'),
		rulesOut: 'no balancer has a backend that is no task',
	},
	{
		id: 'forward-row-missing',
		blame: 'product',
		confidence: 'certain',
		cause: 'A node has no forwarding row for a task on another node, so what it sends there is dropped: {detail}.',
		remedy:
			"Restart the task or the engine of {nodes}, or add the row with `bridge fdb replace MAC dev vxlan0 dst NODE self permanent` in the overlay's namespace.",
		issue: 'moby#50129, moby#52661',
		versions: '28.2.x, 29.x',
		requires: ['overlay', 'overlay-after', 'tasks', 'nodes'],
		unless: ['starved', 'gossip-blocked-by-node'],
		// A device that goes down forgets its neighbours.
		unlessThere: ['overlay-device-down'],
		shows: unlessOfGossip('no-forward', 'no-neighbour'),
		rulesOut: 'each node has forwarding and neighbour rows for all tasks on other nodes',
	},
	{
		id: 'forward-row-learned',
		blame: 'product',
		confidence: 'likely',
		cause:
			'The engine has put no forwarding row in for a task on another node, and the kernel has learned one: {detail}. It is gone some minutes after the last packet, and what is sent there then is dropped.',
		remedy:
			"Restart the task or the engine of {nodes}, or add the row with `bridge fdb replace MAC dev vxlan0 dst NODE self permanent` in the overlay's namespace.",
		issue: 'moby#52661',
		requires: ['overlay', 'overlay-after', 'tasks', 'nodes'],
		unless: ['starved'],
		shows: unlessOfGossip('learned-forward'),
	},
	{
		id: 'forward-row-wrong',
		blame: 'product',
		confidence: 'certain',
		cause: 'A node forwards packets for a task to the wrong place: {detail}.',
		remedy:
			'Restart the task or the engine of {nodes}. If a program changes the address of network cards (systemd-udev, NetworkManager), exclude those of containers.',
		issue: 'moby#26492, moby#52661',
		requires: ['overlay', 'overlay-after', 'tasks', 'nodes'],
		shows: differencesOf('wrong-forward', 'wrong-neighbour'),
	},
	{
		id: 'backend-refused-by-alias',
		blame: 'product',
		confidence: 'certain',
		cause:
			'An update changed the published ports of a service, and the engine left its new tasks out of balancers, as their virtual address was there already: {detail}.',
		remedy:
			'Start the tasks again without a change of ports: `docker service update --force SERVICE`, once all old tasks are gone.',
		issue: 'moby#38833, moby#41364, moby#51656',
		versions: 'up to 29.1.2',
		requires: ['balancer', 'balancer-after', 'tasks', 'services', 'dockerd-log'],
		unless: ['starved', 'module-missing', 'engine-hangs'],
		shows: refusedByAlias,
	},
	{
		id: 'backend-missing',
		blame: 'product',
		confidence: 'likely',
		cause: 'A balancer leaves out tasks that run: {detail}.',
		remedy:
			'Wait for the next full exchange of gossip (30 s) and look again; then restart the engine of {nodes}, and report it with this evidence.',
		issue: 'moby#50129',
		requires: ['balancer', 'balancer-after', 'tasks', 'services'],
		unless: ['starved', 'gossip-blocked-by-node', 'module-missing', 'engine-hangs'],
		unlessThere: ['backend-refused-by-alias'],
		shows: unlessOfGossip('missing-backend', 'no-balancer'),
		rulesOut: 'all running tasks are in every balancer',
	},
	{
		id: 'balancer-kept',
		blame: 'product',
		confidence: 'likely',
		cause:
			'On {nodes} the engine keeps the address of a balancer after the last task there has ended: {detail}. The managers may give the address to another task, and a small network runs out of them.',
		remedy:
			'Restart the engine of {nodes}, or remove the network. Docker 20.10.8 and later give the address back, besides 28.3 and later in a swarm without an ingress network.',
		issue: 'moby#40989, moby#49948',
		versions: 'up to 20.10.7; from 28.3 without an ingress network',
		always: true,
		requires: ['networks', 'nodes', 'tasks', 'tasks-after'],
		unless: ['starved'],
		unlessThere: ['engine-hangs', 'containerd-hangs'],
		shows: keepsBalancer,
	},
	{
		id: 'balancer-does-not-forward',
		blame: 'host',
		confidence: 'certain',
		cause:
			"net.ipv4.ip_forward is 0 in a balancer's namespace ({detail}), so the virtual address takes connections and passes none on.",
		remedy:
			'Set net.ipv4.ip_forward=1 there and on the node before the engine starts; look for a hardening rule in sysctl.d.',
		issue: 'moby#38723, moby#43295',
		requires: ['balancer'],
		shows: setting('net/ipv4/ip_forward', '0'),
		// Without IPVS the balancer passes nothing on, whatever this is.
		unless: ['module-missing', 'ipvs-not-available'],
		rulesOut: "ip_forward is 1 in every balancer's namespace",
	},
	{
		id: 'node-does-not-forward',
		blame: 'host',
		confidence: 'certain',
		cause:
			'The kernel of {nodes} does not forward packets (net.ipv4.ip_forward, or forwarding of a card, is 0): published ports and ways out of containers do not work.',
		remedy: 'Set net.ipv4.ip_forward=1, which sets it for each card, too, and look for a hardening rule in sysctl.d.',
		issue: 'moby#38723',
		requires: ['sysctl'],
		shows: either(linesOf('sysctl', /net\/ipv4\/ip_forward:0$/), cardDoesNotForward),
		rulesOut: 'ip_forward is 1 on every node',
	},
	{
		id: 'balancer-conntrack-off',
		blame: 'kernel',
		confidence: 'likely',
		cause: "net.ipv4.vs.conntrack is 0 in a balancer's namespace ({detail}), so answers are not translated back.",
		remedy: 'Set it to 1 there. If the kernel has no such setting, it lacks CONFIG_IP_VS_NFCT.',
		issue: 'moby#26930',
		requires: ['balancer'],
		shows: setting('net/ipv4/vs/conntrack', '0'),
	},
];
