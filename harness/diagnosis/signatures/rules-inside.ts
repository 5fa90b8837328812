/** Causes in what the engine has set up on a node for containers, the routing mesh and balancers: rules, name servers, the address of its bridge. */
import {settledContainers, settledSections} from '../settled.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

/** Balancers whose rules do not mark packets for a virtual address or a published port, so IPVS never sees them. */
function marksMissing({view}: Seen): Sighting[] {
	const {services = [], tasks = []} = view;
	return view.nodes.flatMap(node =>
		node.balancers.flatMap(({namespace, file, rules, hasTables, backends}) => {
			const isMesh = namespace === 'ingress_sbox';
			// Of a service without a task in the balancer, there is no rule either.
			const balanced = services.filter(({id}) =>
				tasks.some(
					task => task.service === id && backends.some(({address}) => [...task.addresses.values()].includes(address)),
				),
			);
			const wanted = balanced.flatMap(({ports, virtual}) =>
				isMesh
					? ports.map(each => `--dport ${each.split(' ')[1]} `)
					: [...virtual].flatMap(([id, address]) =>
							namespace === `lb_${id.slice(0, 9)}` ? [`-d ${address}/32 `] : [],
						),
			);
			const missing = wanted.filter(words => !rules.some(({text}) => text.includes(words) && text.includes('-j MARK')));
			return (hasTables || rules.length > 0) && missing.length > 0
				? [
						{
							node: node.name,
							lines: [lineOf(node, file, `=== ${namespace}: no rule ${missing[0]}… -j MARK`)],
							detail: `${node.name} ${namespace}`,
						},
					]
				: [];
		}),
	);
}

/**
 * Balancers that do not put their own address into packets for tasks: a task answers the client itself then, and the client drops what
 * it did not ask for. In networks with the option `dsr` that is meant so (moby, libnetwork/service_linux.go: addLBBackend).
 */
function addressKept({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const direct = node.networks.filter(each => each.direct).map(({id}) => `lb_${id.slice(0, 9)}`);
		return node.balancers.flatMap(({namespace, file, rules, hasTables, backends}) =>
			hasTables &&
			backends.length > 0 &&
			!direct.includes(namespace) &&
			!rules.some(({text}) => /-A POSTROUTING .*--ipvs .*-j SNAT/.test(text))
				? [
						{
							node: node.name,
							lines: [lineOf(node, file, `=== ${namespace}: no rule -A POSTROUTING … -m ipvs --ipvs -j SNAT`)],
							detail: `${node.name} ${namespace}`,
						},
					]
				: [],
		);
	});
}

/** The bridge by which published ports and ways out of containers go has lost the address that the engine gave it. */
function gatewayWithoutAddress({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const block = node
			.whole('addresses')
			.map(({text}) => text)
			.join('\n')
			.split(/^(?=\d+: )/m)
			.find(each => /^\d+: docker_gwbridge: /.test(each));
		return block && !/^\s+inet /m.test(block)
			? [{node: node.name, lines: [lineOf(node, `${node.name}/addresses.txt`, block.split('\n')[0]!)]}]
			: [];
	});
}

/** What takes a question of UDP to the engine's name server, and its answer back. */
const toNames = [
	/-A OUTPUT -d 127\.0\.0\.11\/32 .*-j DOCKER_OUTPUT/,
	/-A DOCKER_OUTPUT .*-p udp .*-j DNAT/,
	/-A POSTROUTING -d 127\.0\.0\.11\/32 .*-j DOCKER_POSTROUTING/,
	/-A DOCKER_POSTROUTING .*-p udp .*-j SNAT/,
];

/**
 * Containers in which the engine's name server waits for questions, and no rule leads those for 127.0.0.11 to it (moby,
 * libnetwork/resolver_unix.go: setupIPTable). A namespace without rules at all shows nothing: evidence need not have them.
 */
function questionsAstray({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const astray = settledSections(node, 'container-network').filter(({text}) => {
			const isWhole = toNames.every(rule => rule.test(text));
			return /^\*nat$/m.test(text) && / 127\.0\.0\.11:\d+ /.test(text) && !isWhole;
		});
		const detail = `${astray.length} on ${node.name}`;
		const lines = astray.map(({file, namespace}) =>
			lineOf(node, file, `=== ${namespace}: no rule -d 127.0.0.11/32 … -j DNAT`),
		);
		return lines.length > 0 ? [{node: node.name, lines, detail}] : [];
	});
}

/** Networks whose containers have no name server of the engine, or need none. */
const unnamed = ['bridge', 'host', 'none', 'ingress'];

/** Containers of overlays whose resolv.conf does not lead to the engine's name server (moby, libnetwork/sandbox_dns_unix.go). */
function otherResolvers({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = settledContainers(node)
			.filter(({networks}) => networks.some(each => !unnamed.includes(each)))
			.flatMap(({id, name}) => {
				const servers = node.lines('container-resolvers', new RegExp(`/${id}/resolv\\.conf:nameserver `));
				return servers.length === 0 || servers.some(({text}) => text.endsWith(' 127.0.0.11'))
					? []
					: servers.map(line => ({...line, text: `${name.split('.')[0]}: ${line.text.split(':').at(-1)!}`}));
			});
		return lines.length > 0
			? [{node: node.name, lines, detail: lines.map(({text}) => `${text} on ${node.name}`).join('; ')}]
			: [];
	});
}

/** The engine lets in on the address of the routing mesh what is for a published port only (moby, libnetwork/service_linux.go: addRedirectRules). */
const ofMesh = /-A (INPUT -d|OUTPUT -s) [\d.]+\/32 -p (tcp|udp|sctp) -j DROP$/;

/** Rules and policies, other than the engine's, that have dropped packets inside of containers and balancers. */
function droppedInside({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const rules = ['container-network', 'balancer', 'ingress'].flatMap(probe =>
			node
				.lines(probe, /^\[[1-9]\d*:\d+\] -A .*-j (DROP|REJECT)|^:(INPUT|FORWARD|OUTPUT) DROP \[[1-9]/, 1000)
				.filter(({text}) => !ofMesh.test(text))
				.map(line => ({line, rule: line.text.replace(/ ?\[\d+:\d+\] ?/, '')})),
		);
		const detail = [...new Set(rules.map(({rule}) => `\`${rule}\` on ${node.name}`))].slice(0, 4).join('; ');
		return rules.length > 0 ? [{node: node.name, lines: rules.map(({line}) => line), detail}] : [];
	});
}

export const rulesInside: Signature[] = [
	{
		id: 'rule-inside-drops',
		blame: 'host',
		confidence: 'likely',
		cause: "A rule in a container or in an engine's namespace has dropped packets: {detail}.",
		remedy: '`nsenter --net=NAMESPACE iptables -D …` removes it. Look at what the image or a tool on the node does.',
		requires: ['container-network', 'balancer'],
		shows: droppedInside,
		rulesOut: 'no rule inside of a container or a balancer has dropped packets',
	},
	{
		id: 'names-unreachable-inside',
		blame: 'host',
		confidence: 'certain',
		cause:
			"Containers do not reach the engine's name server, as the rules that lead to it are gone in their namespaces ({detail}): they resolve no name, and addresses work.",
		remedy:
			'`docker service update --force SERVICE` makes the containers of tasks anew. Look for what flushes the nat table in the namespaces of containers.',
		requires: ['container-network'],
		shows: questionsAstray,
	},
	{
		id: 'resolver-inside-changed',
		blame: 'host',
		confidence: 'likely',
		cause:
			"Containers do not ask the engine's name server (127.0.0.11), which alone knows the names of services: {detail}.",
		remedy:
			'`docker service update --force SERVICE` makes the containers of tasks anew. Look at what writes /etc/resolv.conf in the image or on the node.',
		requires: ['containers', 'container-resolvers'],
		shows: otherResolvers,
	},
	{
		id: 'balancer-address-missing',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A balancer hands packets to tasks with the address of the client ({detail}), so their answers do not come back through it, and the client drops them: its rule of SNAT is gone.',
		remedy:
			'Restart the engine of {nodes}, which writes the rule anew when a service comes to that network; look for what removes rules in the namespaces of the engine.',
		requires: ['balancer', 'ingress'],
		unless: ['module-missing'],
		shows: addressKept,
		rulesOut: 'all balancers put their address into packets for tasks',
	},
	{
		id: 'gateway-address-gone',
		blame: 'host',
		confidence: 'certain',
		cause:
			'docker_gwbridge of {nodes} has no address: published ports do not lead into the routing mesh there, and containers have no way out.',
		remedy:
			'Give it back the gateway that `docker network inspect docker_gwbridge` shows: `ip address add GATEWAY/16 dev docker_gwbridge`, or restart the engine.',
		requires: ['addresses'],
		shows: gatewayWithoutAddress,
		rulesOut: 'docker_gwbridge has an address on every node',
	},
	{
		id: 'balancer-mark-missing',
		blame: 'host',
		confidence: 'certain',
		cause:
			'Rules that mark packets for a balancer are gone in its namespace ({detail}): IPVS does not see them, and the address answers with a refusal.',
		remedy: 'Restart the engine of {nodes}. Look for what flushed the mangle table there.',
		requires: ['balancer', 'services'],
		unless: ['starved', 'engine-hangs'],
		shows: marksMissing,
	},
];
