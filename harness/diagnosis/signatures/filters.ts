/** Causes in the packet filter of a node, besides rules for one port: what leads to the routing mesh, and what drops before Docker. */
import {hasDropped} from '../dropping-rules.ts';
import {missingModules} from '../modules.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {hasRunning} from '../tasks.ts';
import {lineOf} from '../view.ts';

/**
 * Published ports for which a node has no rule that leads to the routing mesh. Without IPVS the engine puts none in: addLBBackend
 * gives up before (moby, libnetwork service_linux.go).
 */
function noMeshRule({view}: Seen): Sighting[] {
	const ports = view.services?.flatMap(({id, ports: own}) => (hasRunning(view, id) ? own : [])) ?? [];
	return view.nodes.flatMap(node => {
		const hasNoIpvs = missingModules(node).some(({name}) => name === 'ip_vs');
		if (hasNoIpvs || !node.has('packet-filter') || !node.has('packet-filter-after')) {
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

export const filters: Signature[] = [
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
		// Without the network ingress, no port is published.
		unlessThere: ['vxlan-port-taken', 'vxlan-not-made'],
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
