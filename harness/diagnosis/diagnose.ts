/** Names the causes of what the evidence shows. It knows the evidence alone. Pure. */
import type {Cause, Diagnosis, Evidence, EvidenceLine} from '../model/index.ts';
import {differences} from './agreement.ts';
import {directionsOf} from './directions.ts';
import {losersOf} from './own-network.ts';
import {pathsOf} from './path.ts';
import type {Seen, Signature} from './signature.ts';
import {encrypted} from './signatures/encrypted.ts';
import {engines} from './signatures/engines.ts';
import {filters} from './signatures/filters.ts';
import {gossip} from './signatures/gossip.ts';
import {hosts} from './signatures/hosts.ts';
import {inside} from './signatures/inside.ts';
import {ipvs} from './signatures/ipvs.ts';
import {kernel} from './signatures/kernel.ts';
import {lan} from './signatures/lan.ts';
import {members} from './signatures/members.ts';
import {mtu} from './signatures/mtu.ts';
import {natRules} from './signatures/nat-rules.ts';
import {nodes} from './signatures/nodes.ts';
import {pools} from './signatures/pools.ts';
import {rulesInside} from './signatures/rules-inside.ts';
import {services} from './signatures/services.ts';
import {tables} from './signatures/tables.ts';
import {underlay} from './signatures/underlay.ts';
import {type View, viewOf} from './view.ts';

/** All signatures. Of equal confidence, the first is named first. */
export const signatures: Signature[] = [
	...nodes,
	...engines,
	...kernel,
	...hosts,
	...rulesInside,
	...ipvs,
	...lan,
	...underlay,
	...mtu,
	...inside,
	...encrypted,
	...gossip,
	...tables,
	...filters,
	...natRules,
	...pools,
	...services,
	...members,
];

const order: Cause['confidence'][] = ['certain', 'likely', 'possible'];
/** Lines that are kept of each cause. */
const mostLines = 8;

/** Returns what the evidence shows: all causes of the table, best first, or what was ruled out. */
export function diagnose(evidence: Evidence, table: readonly Signature[] = signatures): Diagnosis {
	const view = viewOf(evidence);
	const found = differences(view);
	const seen: Seen = {view, differences: found, directions: directionsOf(view), losers: losersOf(view)};
	const shown = table.map(signature => ({signature, sightings: signature.shows(seen)}));
	const everything = shown.filter(({sightings}) => sightings.length > 0);
	const there = everything.filter(({signature}) => !signature.lead);
	const asked = askedOf(evidence, view);
	const [asides, ofClaim] = [true, false].map(wanted => there.filter(each => isAside(each, asked) === wanted));
	const sure = unexplained(ofClaim!, there);
	const leads = everything.filter(({signature: {lead}}) => lead && evidence.index.asks?.includes(lead));
	const causes = (sure.length > 0 ? sure : leads).map(({signature, sightings}) => causeOf(signature, sightings));
	const aside = unexplained(asides!, there).map(({signature, sightings}) => causeOf(signature, sightings).cause);
	const always = new Set(table.filter(signature => signature.always).map(({id}) => id));
	const rank = ({id, confidence}: Cause) => 2 * order.indexOf(confidence) + (always.has(id) ? 1 : 0);
	causes.sort((a, b) => rank(a) - rank(b));
	const ruledOut = shown.flatMap(({signature: {rulesOut, requires}, sightings}) =>
		rulesOut && sightings.length === 0 && requires.every(probe => wasRead(view, probe)) ? [rulesOut] : [],
	);
	const paths = pathsOf(seen);
	return {
		schema: 1,
		sentence: causes[0] ? `${causes[0].cause}` : unknown(found.length),
		causes,
		disagreements: found.map(({node, says, lines}) => ({node, says, lines})),
		ruledOut,
		next: causes.some(({confidence}) => confidence === 'certain') ? [] : nextOf(view, table),
		...(paths.length > 0 && {paths}),
		...(aside.length > 0 && {aside: aside.map(cause => `${cause} ${notAsked(evidence)}`)}),
	};
}

interface Shown {
	signature: Signature;
	sightings: ReturnType<Signature['shows']>;
}

/**
 * Returns the features of the kernel that are asked for: by the claim or, if there is none, by the services that are there.
 * Undefined if nobody knows.
 */
function askedOf({index: {asks}}: Evidence, {services: all}: View): readonly string[] | undefined {
	const isBalanced = all?.some(({virtual, ports}) => virtual.size > 0 || ports.length > 0);
	return asks ?? (isBalanced === undefined ? undefined : isBalanced ? ['ip_vs'] : []);
}

/** Whether what shows is only about features of the kernel that nothing asks for. */
function isAside({sightings}: Shown, asked: readonly string[] | undefined): boolean {
	return asked !== undefined && sightings.every(({about}) => about !== undefined && !asked.includes(about));
}

const notAsked = ({index: {asks}}: Evidence) =>
	asks
		? 'The claim does not say that it needs IPVS (`kernel` of its needs).'
		: 'No service here has a virtual address or a published port.';

/** Returns those that no other one explains better, each with the nodes for which it is not explained. */
function unexplained(some: readonly Shown[], by: readonly Shown[]): Shown[] {
	const ids = new Set(by.map(({signature}) => signature.id));
	return some.flatMap(({signature, sightings}) => {
		const {unless = [], unlessThere = []} = signature;
		const explained = by
			.filter(each => unlessThere.includes(each.signature.id))
			.flatMap(each => each.sightings.map(({node}) => node));
		const isExplained = (ways: readonly (readonly string[])[] = []) =>
			ways.length > 0 && ways.every(ends => ends.some(end => explained.includes(end)));
		const left = sightings.filter(({node, ways}) => !explained.includes(node) && !isExplained(ways));
		return left.length > 0 && !unless.some(id => ids.has(id)) ? [{signature, sightings: left}] : [];
	});
}

function causeOf(signature: Signature, sightings: ReturnType<Signature['shows']>): Cause {
	const {id, blame, confidence, issue, versions} = signature;
	const names = [...new Set(sightings.map(({node}) => node))].sort();
	const detail = [...new Set(sightings.flatMap(each => each.detail ?? []))].join('; ');
	const filled = (text: string) => text.replaceAll('{nodes}', listOf(names)).replaceAll('{detail}', detail);
	return {
		...{id, blame, confidence, cause: filled(signature.cause), remedy: filled(signature.remedy)},
		...(issue && {issue}),
		...(versions && {versions}),
		nodes: names,
		lines: evenly(sightings.map(({lines}) => lines)),
	};
}

/** Returns lines of all sightings in turn, so that each node has some. */
function evenly(all: Cause['lines'][]): Cause['lines'] {
	const longest = Math.max(...all.map(({length}) => length));
	const turns = Array.from({length: longest}, (_, at) => all.flatMap(lines => lines[at] ?? [])).flat();
	// Both ends of a way may show the same line.
	const key = ({node, file, text}: EvidenceLine) => `${node} ${file} ${text}`;
	const kept = new Set([...new Set(turns.map(key))].slice(0, mostLines));
	const lines = all.flat().filter(line => kept.has(key(line)));
	return [...new Map(lines.map(line => [key(line), line])).values()];
}

function listOf(names: readonly string[]): string {
	return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function unknown(disagreements: number): string {
	return disagreements > 0
		? 'No known cause fits, but the nodes do not have what the managers report.'
		: 'No known cause shows in the evidence, and every node has what the managers report.';
}

/** Whether any node could be asked. */
function wasRead({nodes: all}: View, probe: string): boolean {
	return (
		all.length > 0 &&
		all.every(node => node.has(probe) || node.sections(probe).length === 0) &&
		all.some(node => node.has(probe))
	);
}

/** Returns what is missing, and where a person would look. */
function nextOf(view: View, table: readonly Signature[]): string[] {
	const needed = new Set(table.flatMap(({requires}) => requires));
	const missing = [...needed].filter(probe => !wasRead(view, probe));
	return [
		...(missing.length > 0
			? [`Take the evidence again: it lacks ${missing.sort().join(', ')}, whole or of some nodes.`]
			: []),
		'Read dockerd-log.txt of each node around the time of the failure.',
		'Run the scenario again with --repeat 10: a failure that comes and goes points to timing.',
		'Compare with another engine or kernel: swarmlab run --docker A,B --kernel C,D.',
	];
}
