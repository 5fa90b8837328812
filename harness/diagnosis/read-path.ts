/** Reads the echo requests between nodes, and counters of /proc/net/snmp. Pure. */
import type {EvidenceLine, EvidenceSection} from '../model/index.ts';

/** Echo requests from a balancer's namespace to one address on an overlay. */
export interface Ping {
	node: string;
	/** The network's id, as the engine shortens it for overlays. */
	network: string;
	namespace: string;
	address: string;
	/** Address of the node behind it, by the forwarding row. */
	peer: string;
	/** Bytes of data in each. */
	size: number;
	/** Its packets fill the overlay's MTU. */
	large: boolean;
	sent: number;
	received: number;
	/**
	 * No echo request was answered, so a TCP connection was tried. True if it was refused: packets pass in both directions. Older
	 * evidence does not have it.
	 */
	refused?: boolean;
	/** The MTU of the way, where the kernel knows that the packet is too long for it. */
	knownMtu?: number;
	line: EvidenceLine;
}

/** What a node got back of another one on the LAN, outside of overlays. */
export interface LanView {
	/** Address of the other node. */
	peer: string;
	/** Echo requests; undefined if ping did not run. */
	echo?: {
		sent: number;
		received: number;
		twice: number;
		leastMs?: number;
		mostMs?: number;
		tookMs: number;
		line: EvidenceLine;
	};
	/** What a TCP connection to a port came to: `open`, `no answer`, or what the system said. */
	ports: Map<number, {said: string; line: EvidenceLine}>;
}

/** Reads the lines about the LAN, a view for each other node. */
export function readLan({node, file, text}: EvidenceSection): LanView[] {
	const views = new Map<string, LanView>();
	for (const whole of text.split('\n')) {
		const [, peer = '', what = '', said = ''] = /^lan (\S+) (icmp|\d+): ?(.*)$/.exec(whole) ?? [];
		if (!peer) {
			continue;
		}

		const view: LanView = views.get(peer) ?? {peer, ports: new Map()};
		views.set(peer, view);
		const line = {node, file, text: shorten(whole)};
		if (what !== 'icmp') {
			// A program that was ended by its time printed nothing.
			view.ports.set(Number(what), {said: said.trim() || 'no answer', line});
			continue;
		}

		const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(said) ?? [];
		const twice = Number(/\+(\d+) duplicates/.exec(said)?.[1] ?? 0);
		const [, least, most] = / = ([\d.]+)\/[\d.]+\/([\d.]+)/.exec(said) ?? [];
		const tookMs = Number(/ time (\d+)ms/.exec(said)?.[1] ?? Number.POSITIVE_INFINITY);
		if (sent) {
			const counts = {sent: Number(sent), received: Number(received), twice, tookMs};
			view.echo = {...counts, ...(least && {leastMs: Number(least), mostMs: Number(most)}), line};
		}
	}

	return [...views.values()];
}

/** Leaves out what ping prints before its statistics, besides an MTU that is too small. */
function shorten(line: string): string {
	const [, tooLong = ''] = /((?:ping: local error: )?[Mm]essage too long, mtu=\d+)/.exec(line) ?? [];
	return line.replace(/: (?:ping: .*?)?PING .*?statistics --- /, `: ${tooLong && `${tooLong}; `}`).trim();
}

const small = 56;

export function readPings({node, file, text}: EvidenceSection): Ping[] {
	const refusals = new Map(
		[...text.matchAll(/^(\S+ \S+ [\d.]+ \S+) tcp: (.*)$/gm)].map(([, pair, said]) => [
			pair!,
			said!.includes('refused'),
		]),
	);
	return text.split('\n').flatMap(line => {
		const [, knownMtu] = /\bmtu ?= ?(\d+)/.exec(line) ?? [];
		const [, network, namespace, address, peer, size, sent, received] =
			/^(\S+) (\S+) ([\d.]+) (\S+) (\d+): .*?(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(line) ?? [];
		if (!network) {
			return [];
		}

		const refused = refusals.get(`${network} ${namespace} ${address} ${peer}`);
		return {
			...{node, network, namespace: namespace!, address: address!, peer: peer!, size: Number(size)},
			...{large: Number(size) > small, sent: Number(sent), received: Number(received)},
			...(knownMtu && {knownMtu: Number(knownMtu)}),
			...(refused !== undefined && {refused}),
			line: {node, file, text: shorten(line).replace(/ rtt .*/, '')},
		};
	});
}

/** `Udp: InDatagrams …` over `Udp: 12 …`: `UdpInDatagrams` is 12. */
export function readSnmp(text: string): Map<string, number> {
	const counters = new Map<string, number>();
	let names: string[] = [];
	for (const line of text.split('\n')) {
		const [, group, rest] = /^(\w+): (.*)$/.exec(line) ?? [];
		if (!group) {
			continue;
		}

		const words = rest!.trim().split(/\s+/);
		if (/^[A-Za-z]/.test(rest!)) {
			names = words.map(word => `${group}${word}`);
		} else {
			for (const [at, name] of names.entries()) {
				counters.set(name, Number(words[at]));
			}
		}
	}

	return counters;
}
