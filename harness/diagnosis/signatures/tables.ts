/** Causes in the tables of a node: balancers, forwarding rows, packet filter, settings of namespaces. */
import {hasDropped} from '../dropping-rules.ts';
import {differencesOf, linesOf, unlessOfGossip} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

/** Sightings of a setting of balancer namespaces. */
function setting(name: string, wrong: string): (seen: Seen) => Sighting[] {
	return ({view}) =>
		view.nodes.flatMap(node => {
			const found = node.balancers.filter(each => each.isThere && each.settings.get(name)?.value === wrong);
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

/** Published ports for which a node has no rule that leads to the routing mesh. */
function noMeshRule({view}: Seen): Sighting[] {
	const ports = view.services?.flatMap(service => service.ports) ?? [];
	return view.nodes.flatMap(node => {
		if (!node.has('packet-filter') || !node.has('packet-filter-after')) {
			return [];
		}

		const missing = ports.filter(port => {
			const [protocol, number] = port.split(' ');
			const rule = new RegExp(`-A DOCKER-INGRESS .*-p ${protocol} .*--dport ${number} .*-j DNAT`);
			return !rule.test(node.text('packet-filter')) && !rule.test(node.text('packet-filter-after'));
		});
		const listening = node.lines(
			'sockets',
			new RegExp(String.raw`LISTEN .*:(${missing.map(each => each.split(' ')[1]).join('|') || 'none'})\s`),
		);
		return missing.length === 0
			? []
			: [
					{
						node: node.name,
						detail: missing.join(', '),
						lines: [
							lineOf(
								node,
								`${node.name}/packet-filter.txt`,
								`no rule -A DOCKER-INGRESS … -j DNAT for ${missing.join(', ')}`,
							),
							...listening,
						],
					},
				];
	});
}

/** Rules of FORWARD, before those of Docker, that drop everything or what Docker published. */
function dropsBefore({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const rules = node.lines('packet-filter', /-A FORWARD /, 100);
		const first = rules.findIndex(({text}) => /-j DOCKER/.test(text));
		const before = rules
			.slice(0, Math.max(0, first))
			.filter(line => /-j (DROP|REJECT)/.test(line.text) && hasDropped(node, line));
		return before.length > 0 ? [{node: node.name, lines: before}] : [];
	});
}

function noForwardJump({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const text = node.text('packet-filter');
		const policy = node.lines('packet-filter', /^:FORWARD DROP/);
		const hasChain = /^:DOCKER-INGRESS /m.test(text);
		const jumps = /-A (FORWARD|DOCKER-FORWARD) .*-j DOCKER-INGRESS/.test(text);
		return policy.length > 0 && hasChain && !jumps ? [{node: node.name, lines: policy}] : [];
	});
}

/** The kind of tables that Docker does not use has chains of Docker, too, or drops what is forwarded. */
function bothTables({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const [first = '', ...rest] = node.text('packet-filter').split(/^== legacy$/m);
		const [inLegacy = ''] = rest.join('').split(/^== nft$/m);
		const [, inNft = ''] = node.text('packet-filter').split(/^== nft$/m);
		if (!/^:DOCKER/m.test(first)) {
			return [];
		}

		// iptables-save names its kind since 1.8.8. Of an older one, Docker's chains are among the legacy tables, or are nft's.
		const other =
			/\(nf_tables\)/.test(first) || !/^:DOCKER/m.test(inLegacy)
				? /^:DOCKER-INGRESS .*|^\[[1-9].*-A FORWARD .*-j (?:DROP|REJECT).*|^:FORWARD DROP \[[1-9].*/m.exec(inLegacy)
				: /^\tchain FORWARD \{\n(?:.*\n)*?\t\t(?:type filter hook forward.*policy drop|.*\b(?:drop|reject)$).*/m.exec(
						inNft,
					);
		const text = other?.[0].split('\n').at(-1);
		return text ? [{node: node.name, lines: [lineOf(node, `${node.name}/packet-filter.txt`, text)]}] : [];
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
		id: 'backend-missing',
		blame: 'product',
		confidence: 'likely',
		cause: 'A balancer lacks tasks that run: {detail}.',
		remedy:
			'Wait for the next full exchange of gossip (30 s) and look again; then restart the engine of {nodes}, and report it with this evidence.',
		issue: 'moby#50129',
		requires: ['balancer', 'balancer-after', 'tasks', 'services'],
		unless: ['starved', 'gossip-blocked-by-node', 'module-missing', 'engine-hangs'],
		shows: unlessOfGossip('missing-backend', 'no-balancer'),
		rulesOut: 'all running tasks are in every balancer',
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
		cause: 'net.ipv4.ip_forward is 0 on {nodes}: published ports and ways out of containers do not work.',
		remedy: 'Set net.ipv4.ip_forward=1, and look for a hardening rule in sysctl.d.',
		issue: 'moby#38723',
		requires: ['sysctl'],
		shows: linesOf('sysctl', /net\/ipv4\/ip_forward:0$/),
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
	{
		id: 'mesh-rules-missing',
		blame: 'host',
		confidence: 'certain',
		cause:
			"The rules of the routing mesh for {detail} are gone on {nodes}. The engine's own listener takes the connection and never answers.",
		remedy:
			'Restart the engine of {nodes}. A reload of firewalld or a flush of the nat table removes these rules; engines before 29.0 do not restore them.',
		issue: 'moby#34939',
		requires: ['packet-filter', 'packet-filter-after', 'services'],
		unless: ['engine-down', 'engine-hangs'],
		shows: noMeshRule,
		rulesOut: "every node has the routing mesh's rules for all published ports",
	},
	{
		id: 'dropped-before-docker',
		blame: 'host',
		confidence: 'certain',
		cause: 'On {nodes} a rule drops forwarded packets before the rules of Docker are asked.',
		remedy: 'Remove the rule, or put it into DOCKER-USER with the exceptions that you need.',
		issue: 'moby#35281',
		requires: ['packet-filter'],
		shows: dropsBefore,
	},
	{
		id: 'no-jump-to-mesh',
		blame: 'host',
		confidence: 'certain',
		cause: 'On {nodes} FORWARD drops by default and does not ask DOCKER-INGRESS.',
		remedy: 'Restart the engine, which adds the jump; look for what flushes FORWARD.',
		issue: 'moby#35281, moby#49536',
		versions: '17.10 to 17.12, 28.0.0',
		requires: ['packet-filter'],
		shows: noForwardJump,
	},
	{
		id: 'two-packet-filters',
		blame: 'host',
		confidence: 'likely',
		cause:
			'On {nodes} both iptables-legacy and iptables-nft have rules. Packets pass both, and the kind that Docker does not use drops them, or is out of date.',
		remedy: 'Choose one with update-alternatives, remove the rules from the other, and restart the node.',
		issue: 'moby#46636',
		always: true,
		requires: ['packet-filter'],
		shows: bothTables,
	},
];
