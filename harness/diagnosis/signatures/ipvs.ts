/** Causes in IPVS, besides rows that lack or are too many: a balancer that does not balance as the engine has set it up. */
import type {EvidenceSection} from '../../model/index.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf, type NodeView} from '../view.ts';

/**
 * Settings of a namespace that make IPVS drop connections or leave them alone. All are 0 unless somebody sets them (kernel,
 * Documentation/networking/ipvs-sysctl.rst).
 */
const harmful = ['backup_only', 'drop_entry', 'drop_packet', 'secure_tcp'];

/** The engine asks for round robin by masquerading, and for direct routing in networks with the option `dsr` (service_linux.go). */
function changesIn({text, namespace = ''}: EvidenceSection, node: NodeView): string[] {
	const isDirect = node.networks.some(({id, direct}) => direct && namespace === `lb_${id.slice(0, 9)}`);
	const services = [...text.matchAll(/^FWM {2}[0-9A-F]{8} (\S+) ?(.*?) *$/gm)].flatMap(([, scheduler, flags]) => [
		...(scheduler === 'rr' ? [] : [`scheduler ${scheduler}`]),
		...(flags!.startsWith('persistent') ? [flags!] : []),
	]);
	const ways = [...text.matchAll(/^ +-> [0-9A-F]{8}:[0-9A-F]{4} +(\S+)/gm)].flatMap(([, way]) =>
		way === 'Masq' || (isDirect && way === 'Route') ? [] : [`backends by ${way}`],
	);
	const settings = harmful.flatMap(name => {
		const [, value = '0'] = new RegExp(`^/proc/sys/net/ipv4/vs/${name}:(.*)$`, 'm').exec(text) ?? [];
		return value === '0' ? [] : [`net.ipv4.vs.${name}=${value}`];
	});
	return [...new Set([...services, ...ways, ...settings])];
}

function sightingsOf({view}: Seen, find: (section: EvidenceSection, node: NodeView) => string[]): Sighting[] {
	return view.nodes.flatMap(node => {
		const found = ['balancer', 'ingress'].flatMap(probe =>
			node.sections(probe).flatMap(section => find(section, node).map(what => ({section, what}))),
		);
		return found.length > 0
			? [
					{
						node: node.name,
						detail: [...new Set(found.map(({what}) => `${what} on ${node.name}`))].join('; '),
						lines: found.map(({section, what}) => lineOf(node, section.file, `=== ${section.namespace}: ${what}`)),
					},
				]
			: [];
	});
}

/** Seconds, as the kernel begins: established connections of TCP, those that were closed, UDP (net/netfilter/ipvs/ip_vs_proto_tcp.c). */
const usualSeconds = [900, 120, 300];

function shortTimeouts({text}: EvidenceSection): string[] {
	const [, ...seconds] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)/m.exec(text) ?? [];
	return seconds.some((each, at) => Number(each) < usualSeconds[at]!) ? [`${seconds.join(', ')} s`] : [];
}

/** What the engine sets in each namespace of a balancer, if ip_vs is loaded already (libnetwork osl/namespace_linux.go). */
const tuned = {conn_reuse_mode: '0', expire_nodest_conn: '1', expire_quiescent_template: '1'};

/** One that balances nothing is left out: see tables.ts. */
function untunedIn({text}: EvidenceSection): string[] {
	const values = Object.entries(tuned).flatMap(([name, wanted]) => {
		const [, value = wanted] = new RegExp(`^/proc/sys/net/ipv4/vs/${name}:(.*)$`, 'm').exec(text) ?? [];
		return value === wanted ? [] : [`${name}=${value}`];
	});
	return values.length > 0 && /^ +-> [0-9A-F]{8}:/m.test(text) ? [values.join(' ')] : [];
}

export const ipvs: Signature[] = [
	{
		id: 'balancer-changed',
		blame: 'host',
		confidence: 'certain',
		cause: 'IPVS does not balance as the engine has set it up: {detail}.',
		remedy:
			'Restart the engine of {nodes} after the tasks have left, or set it back with ipvsadm and sysctl in the namespace that the line names. Look for what changes namespaces of the engine.',
		requires: ['balancer'],
		shows: seen => sightingsOf(seen, changesIn),
		rulesOut: 'every balancer goes round its tasks in turn, as the engine has set it up',
	},
	{
		id: 'balancer-forgets-soon',
		blame: 'host',
		confidence: 'likely',
		cause:
			'IPVS forgets connections sooner than usual (established, closed, UDP: {detail}): one that is idle for longer has no way back.',
		remedy: '`ipvsadm --set 900 120 300` in the namespace that the line names, or TCP keepalives that come sooner.',
		issue: 'moby#31208',
		requires: ['balancer'],
		shows: seen => sightingsOf(seen, shortTimeouts),
	},
	{
		id: 'balancer-untuned',
		blame: 'product',
		confidence: 'possible',
		cause:
			'The engine has left settings of IPVS as the kernel begins with ({detail}): a connection to a task that is gone hangs where it should be refused, and one from a port that was used shortly before may take a second. Many healthy nodes have this, too.',
		remedy: 'Load ip_vs before the engine starts, with Docker 20.10.17 or later.',
		issue: 'moby#43146, moby#43670',
		versions: 'up to 20.10.16; later in the first balancers after a boot',
		lead: 'ip_vs',
		requires: ['balancer'],
		shows: seen => sightingsOf(seen, untunedIn),
	},
];
