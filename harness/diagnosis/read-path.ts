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
	line: EvidenceLine;
}

const small = 56;

export function readPings({node, file, text}: EvidenceSection): Ping[] {
	return text.split('\n').flatMap(line => {
		const [, network, namespace, address, peer, size, sent, received] =
			/^(\S+) (\S+) ([\d.]+) (\S+) (\d+): .*?(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(line) ?? [];
		if (!network) {
			return [];
		}

		const short = line.replace(/: PING .*?statistics --- /, ': ').replace(/ rtt .*/, '');
		return {
			...{node, network, namespace: namespace!, address: address!, peer: peer!, size: Number(size)},
			...{large: Number(size) > small, sent: Number(sent), received: Number(received)},
			line: {node, file, text: short.trim()},
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
