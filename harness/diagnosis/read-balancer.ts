/** Reads an IPVS table and what is around it in its namespace. Pure. */
import type {EvidenceLine, EvidenceSection} from '../model/index.ts';

interface BackendView {
	mark: number;
	address: string;
	weight: number;
	/** Connections that it was given, where ipvsadm told. */
	connections?: number;
	line: EvidenceLine;
}

export interface BalancerView {
	node: string;
	file: string;
	/** `lb_kj44q3622` or `ingress_sbox`. */
	namespace: string;
	/** Whether an IPVS table was there at all. */
	isThere: boolean;
	backends: BackendView[];
	/** Settings by their path below /proc/sys: `net/ipv4/ip_forward`. */
	settings: Map<string, {value: string; line: EvidenceLine}>;
	/** Whether iptables-save printed the tables that a balancer needs. */
	hasTables: boolean;
	/** Lines of iptables-save. */
	rules: EvidenceLine[];
}

export function readBalancer({node, file, namespace = '', text}: EvidenceSection): BalancerView {
	const view: BalancerView = {
		...{node, file, namespace, isThere: /^IP Virtual Server/m.test(text)},
		hasTables: /^\*nat$/m.test(text) && /^\*mangle$/m.test(text),
		...{backends: [], settings: new Map(), rules: []},
	};
	let mark = 0;
	for (const line of text.split('\n')) {
		const here = {node, file, text: line.trim()};
		// /proc/net/ip_vs has hexadecimal marks and addresses, ipvsadm decimal ones.
		const kernelMark = /^FWM\s+([0-9A-F]{8})\s/.exec(line)?.[1];
		const printedMark = /^FWM\s+(\d+)\s/.exec(line)?.[1];
		mark = kernelMark ? Number.parseInt(kernelMark, 16) : printedMark ? Number(printedMark) : mark;
		const [, hex, weight] = /^\s+->\s+([0-9A-F]{8}):[0-9A-F]{4}\s+\S+\s+(\d+)\s/.exec(line) ?? [];
		if (hex) {
			view.backends.push({mark, address: dotted(hex), weight: Number(weight), line: here});
		}

		const [, address, connections] =
			/^\s+->\s+(\d+\.\d+\.\d+\.\d+):\d+\s+(\d+)\s+\d+\s+\d+\s+\d+\s+\d+/.exec(line) ?? [];
		const known = address && view.backends.find(each => each.address === address && each.mark === mark);
		if (known) {
			known.connections = Number(connections);
		}

		const [, setting, value] = /^\/proc\/sys\/([\w/.-]+):(.*)$/.exec(line) ?? [];
		if (setting) {
			view.settings.set(setting, {value: value!, line: here});
		}

		if (/^(\[\d+:\d+\] )?-A /.test(line)) {
			view.rules.push(here);
		}
	}

	return view;
}

/** `0AC80106` is 10.200.1.6. */
function dotted(hex: string): string {
	return (hex.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16)).join('.');
}
