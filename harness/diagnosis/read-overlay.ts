/** Reads what a node has of one overlay: forwarding rows, neighbours, and the vxlan device with its counters. Pure. */
import type {EvidenceLine, EvidenceSection} from '../model/index.ts';

export interface OverlayView {
	node: string;
	file: string;
	/** `1-kj44q3622l` */
	namespace: string;
	/** The network's id, as the engine shortens it. */
	id: string;
	/** Where frames for a hardware address go. */
	forwards: Map<string, {to: string; permanent: boolean; line: EvidenceLine}>;
	/** Hardware addresses by IPv4 address, of tasks on other nodes. */
	neighbours: Map<string, {hardware: string; line: EvidenceLine}>;
	device?: {
		/** VXLAN network identifier and UDP port, where `ip -d` told. */
		vni?: number;
		port?: number;
		mtu: number;
		up: boolean;
		/** Packets. */
		received: number;
		sent: number;
		sendDropped: number;
		line: EvidenceLine;
	};
}

export function readOverlay({node, file, namespace = '', text}: EvidenceSection): OverlayView {
	const view: OverlayView = {
		...{node, file, namespace, id: namespace.replace(/^\d+-/, '')},
		...{forwards: new Map(), neighbours: new Map()},
	};
	for (const line of text.split('\n')) {
		const here = {node, file, text: line.trim()};
		const [, hardware, to, rest] = /^([0-9a-f:]{17}) (?:dev vxlan0 )?dst (\S+)(.*)$/.exec(line) ?? [];
		if (hardware) {
			view.forwards.set(hardware, {to: to!, permanent: /permanent/.test(rest!), line: here});
		}

		const [, address, lladdr] = /^([\d.]+) (?:dev vxlan0 )?lladdr ([0-9a-f:]{17})/.exec(line) ?? [];
		if (address) {
			view.neighbours.set(address, {hardware: lladdr!, line: here});
		}
	}

	const block = /^\d+: vxlan0[\s\S]*?(?=^\d+: |$(?![\s\S]))/m.exec(text)?.[0];
	if (block) {
		const first = block.split('\n')[0]!;
		const figures = (head: RegExp) => (head.exec(block)?.[1] ?? '').trim().split(/\s+/).map(Number);
		const [, received = 0] = figures(/RX:\s+bytes.*\n([\d\s]*?)$/m);
		const [, sent = 0, , sendDropped = 0] = figures(/TX:\s+bytes.*\n([\d\s]*?)$/m);
		const [, vni, port] = /vxlan id (\d+)(?:.* dstport (\d+))?/.exec(block) ?? [];
		view.device = {
			...(vni && {vni: Number(vni)}),
			...(port && {port: Number(port)}),
			mtu: Number(/ mtu (\d+)/.exec(first)?.[1] ?? 0),
			up: /[<,]UP[,>]/.test(first),
			...{received, sent, sendDropped},
			line: {node, file, text: first.trim()},
		};
	}

	return view;
}
