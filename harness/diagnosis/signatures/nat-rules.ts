/** Causes in the nat and raw tables of a node: rules of others that take packets from the routing mesh, and rules of the engine that are gone. */
import {concernsSwarm} from '../own-network.ts';
import {linesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {hasRunning} from '../tasks.ts';
import {lineOf} from '../view.ts';

/** Rules outside of the chains of the engine that have met packets to a published port or between nodes. */
const rulesThat =
	(does: RegExp) =>
	({view}: Seen): Sighting[] =>
		view.nodes.flatMap(node => {
			const lines = node
				.lines('packet-filter-after', /^\[[1-9]\d*:\d+\] -A (PREROUTING|OUTPUT) /, 1000)
				.filter(({text}) => does.test(text) && concernsSwarm(text, view));
			const detail = lines.map(({text}) => `\`${text.replace(/^\[\d+:\d+\] /, '')}\` on ${node.name}`).join('; ');
			return lines.length > 0 ? [{node: node.name, lines, detail}] : [];
		});

/** VXLAN that is redirected has a name of its own. */
const redirects = /^(?!.*\b4789\b)(?=.*--dports? ).*-j (DNAT|REDIRECT)\b/;

/** Both readings of a node lack what a pattern asks for, and have the chain of the routing mesh. */
function lacking({view}: Seen, rule: RegExp, words: string): Sighting[] {
	return view.nodes.flatMap(node => {
		const readings = ['packet-filter', 'packet-filter-after'];
		const isGone =
			readings.every(probe => node.has(probe)) &&
			readings.every(probe => /^:DOCKER-INGRESS /m.test(node.text(probe)) && /^\*nat$/m.test(node.text(probe))) &&
			!readings.some(probe => rule.test(node.text(probe)));
		return isGone
			? [{node: node.name, lines: [lineOf(node, `${node.name}/packet-filter.txt`, `no rule ${words}`)]}]
			: [];
	});
}

function noJump(seen: Seen): Sighting[] {
	const {services = []} = seen.view;
	const isPublished = services.some(({id, ports}) => ports.length > 0 && hasRunning(seen.view, id));
	return isPublished
		? lacking(seen, /-A PREROUTING .*-j DOCKER-INGRESS/, '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS')
		: [];
}

export const natRules: Signature[] = [
	{
		id: 'no-jump-to-mesh-ports',
		blame: 'host',
		confidence: 'certain',
		cause:
			"On {nodes} the nat table does not ask DOCKER-INGRESS what comes in, so published ports lead to the engine's own listener, which never answers.",
		remedy: 'Restart the engine, which adds the jump; look for what flushes PREROUTING of the nat table.',
		issue: 'moby#34939',
		requires: ['packet-filter', 'packet-filter-after', 'services'],
		shows: noJump,
	},
	{
		id: 'redirected-by-rule',
		blame: 'host',
		confidence: 'certain',
		cause: 'A rule of the nat table leads what is for a port of the swarm elsewhere: {detail}.',
		remedy: 'Remove the rule, or let it not match published ports, tcp/2377 and 7946.',
		requires: ['packet-filter-after'],
		shows: rulesThat(redirects),
	},
	{
		id: 'untracked-by-rule',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A rule exempts packets of the swarm from connection tracking ({detail}): the routing mesh translates none of them, and their connections hang.',
		remedy: 'Remove the rule (table raw), or let it not match published ports.',
		requires: ['packet-filter-after'],
		shows: rulesThat(/-j (NOTRACK\b|CT .*--notrack)/),
	},
	{
		id: 'masquerade-missing',
		blame: 'host',
		confidence: 'likely',
		cause:
			'The rules that give packets of containers the address of {nodes} on their way out (docker_gwbridge, MASQUERADE) are gone: containers reach nothing outside of the swarm.',
		remedy: 'Restart the engine of {nodes}; look for what flushes POSTROUTING of the nat table.',
		requires: ['packet-filter', 'packet-filter-after', 'addresses'],
		shows: seen => {
			const bridges = linesOf('addresses', /^\d+: docker_gwbridge: /)(seen).map(({node}) => node);
			return lacking(
				seen,
				/-A POSTROUTING .*docker_gwbridge .*-j MASQUERADE/,
				'-A POSTROUTING … docker_gwbridge … -j MASQUERADE',
			).filter(({node}) => bridges.includes(node));
		},
	},
];
