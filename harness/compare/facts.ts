/** Takes the state of nodes apart: evidence becomes facts that can be compared between two cells. Pure. */
import type {Evidence, EvidenceSection} from '../model/index.ts';
import {addresses, forwarding, log, modules, packetFilter, presence, services, settings} from './read.ts';

/** What a fact is about. */
export type Topic =
	| 'namespaces'
	| 'sysctl'
	| 'modules'
	| 'ipvs'
	| 'packet filter'
	| 'fdb and neighbours'
	| 'addresses and routes'
	| 'xfrm'
	| 'dockerd log'
	| 'kernel log';

/** The facts of one place: a node, or a network namespace of it. A key that is not there has no value. */
export interface Sample {
	topic: Topic;
	/** `node`, or the kind of its namespace: `lb_*`, `overlay`, `ingress_sbox`, `container`. */
	place: string;
	facts: ReadonlyMap<string, string>;
}

type Reader = (text: string, from: number | undefined) => Map<string, string>;

const ofBalancer: [Topic, Reader][] = [
	['ipvs', services],
	['packet filter', packetFilter],
	['sysctl', settings],
	['addresses and routes', addresses],
];

/** Which facts a probe has. Probes that are not here say what differs by chance: counters, processes, connections. */
const readers: Record<string, [Topic, Reader][]> = {
	balancer: ofBalancer,
	ingress: ofBalancer,
	overlay: [
		['fdb and neighbours', forwarding],
		['addresses and routes', addresses],
	],
	'packet-filter': [['packet filter', packetFilter]],
	addresses: [['addresses and routes', addresses]],
	sysctl: [['sysctl', settings]],
	modules: [['modules', modules]],
	xfrm: [['xfrm', presence]],
	'dockerd-log': [['dockerd log', log]],
	'kernel-log': [['kernel log', log]],
};

/** Returns the samples of a folder of evidence. Logs are read from the beginning of the claim on, where that is known. */
export function samplesOf({index, sections: all}: Evidence): Sample[] {
	const sections = all.filter(section => !isGone(section));
	const samples = sections.flatMap(section =>
		(readers[section.probe] ?? []).map(
			([topic, read]): Sample => ({
				topic,
				place: placeOf(section.namespace),
				facts: read(section.text, sinceOn(index, section)),
			}),
		),
	);
	// What has no namespace of a kind is seen only by counting them.
	const read = index.nodes.filter(({trouble, role}) => !trouble && role !== 'outsider');
	const counted = read.map(({name}): Sample => {
		const spaces = new Set(
			sections.filter(({node, probe}) => node === name && probe in readers).flatMap(({namespace}) => namespace ?? []),
		);
		const kinds = Map.groupBy(spaces, placeOf);
		return {
			topic: 'namespaces',
			place: 'node',
			facts: new Map([...kinds].map(([kind, those]) => [kind, String(those.length)])),
		};
	});
	return [...samples, ...counted];
}

/**
 * Returns whether only the file of a namespace is left. The engine unmounts it at once, and removes the file up to a minute later
 * (moby libnetwork/osl/namespace_linux.go: removeUnusedPaths).
 */
function isGone({namespace, text}: EvidenceSection): boolean {
	return namespace !== undefined && /^nsenter: .*Invalid argument/.test(text);
}

function placeOf(namespace: string | undefined): string {
	if (namespace === undefined) {
		return 'node';
	}

	return namespace.startsWith('lb_')
		? 'lb_*'
		: namespace === 'ingress_sbox'
			? namespace
			: /^\d+-/.test(namespace)
				? 'overlay'
				: 'container';
}

/** Returns when the claim began on this node: seconds since 1970 for the engine's log, seconds since the boot for the kernel's. */
function sinceOn(index: Evidence['index'], {node, probe}: EvidenceSection): number | undefined {
	const seen = index.nodes.find(({name}) => name === node);
	if (index.since === undefined || seen?.startedAt === undefined) {
		return undefined;
	}

	const onNode = index.since + seen.startedAt - seen.sentAt;
	if (probe !== 'kernel-log') {
		return onNode;
	}

	return seen.uptime === undefined ? undefined : seen.uptime - (seen.startedAt - onNode);
}
