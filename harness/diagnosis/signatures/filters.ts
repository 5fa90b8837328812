/** Causes in the packet filter of a node, besides rules for one port: what leads to the routing mesh, and what drops before Docker. */
import {type Chains, chainsOf, leadsTo} from '../chains.ts';
import {hasDropped} from '../dropping-rules.ts';
import {missingModules} from '../modules.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {hasRunning} from '../tasks.ts';
import {lineOf} from '../view.ts';

const meshChain = 'DOCKER-INGRESS';

/**
 * What lets packets for a port through in one reading: the rule that leads to the routing mesh, and, where FORWARD drops by default, the
 * one that accepts what was led there.
 */
function lackedBy(saved: string, port: string): string[] {
	const [protocol, number] = port.split(' ');
	const [nat, filter] = [chainsOf(saved, 'nat'), chainsOf(saved, 'filter')];
	const has = ({rules}: Chains, target: string) =>
		(rules.get(meshChain) ?? []).some(rule =>
			new RegExp(` -p ${protocol} .*--dport ${number} .*-j ${target}`).test(rule),
		);
	const drops = filter.policies.get('FORWARD') === 'DROP';
	return [...(has(nat, 'DNAT') ? [] : ['DNAT']), ...(!drops || has(filter, 'ACCEPT') ? [] : ['ACCEPT'])];
}

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

		const lacked = ports.map(port => {
			const after = lackedBy(node.text('packet-filter-after'), port);
			return {port, targets: lackedBy(node.text('packet-filter'), port).filter(each => after.includes(each))};
		});
		const missing = lacked.filter(({targets}) => targets.length > 0);
		const listening = node.lines(
			'sockets',
			new RegExp(String.raw`LISTEN .*:(${missing.map(({port}) => port.split(' ')[1]).join('|') || 'none'})\s`),
		);
		return missing.length === 0
			? []
			: [
					{
						node: node.name,
						detail: missing.map(({port}) => port).join(', '),
						lines: [
							...missing.flatMap(({port, targets}) =>
								targets.map(target => {
									const text = `no rule -A DOCKER-INGRESS … -j ${target} for ${port}`;
									return lineOf(node, `${node.name}/packet-filter.txt`, text);
								}),
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

/**
 * FORWARD drops by default, and no rule leads from it to the chain of the routing mesh, in both readings: engines before 28.0 jump there
 * from FORWARD, later ones from DOCKER-FORWARD (moby: libnetwork/iptables).
 */
function noForwardJump({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = node.lines('packet-filter', /^:FORWARD DROP/);
		const isCut = (probe: string) => {
			const chains = chainsOf(node.text(probe), 'filter');
			return (
				chains.policies.get('FORWARD') === 'DROP' &&
				chains.rules.has(meshChain) &&
				!leadsTo(chains, 'FORWARD', meshChain)
			);
		};
		return isCut('packet-filter') && (!node.has('packet-filter-after') || isCut('packet-filter-after'))
			? [{node: node.name, lines}]
			: [];
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
		cause:
			'On {nodes} FORWARD drops by default, and no rule leads from it to DOCKER-INGRESS: what is for a published port is dropped.',
		remedy: 'Restart the engine, which adds the jump; look for what flushes FORWARD or DOCKER-FORWARD.',
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
