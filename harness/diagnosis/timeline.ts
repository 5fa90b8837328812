/** What happened on the nodes around a failure, by the logs in the evidence, in one order of time. Pure. */
import type {Evidence, EvidenceNode, TimelineEntry} from '../model/index.ts';

/** Entries that are kept. */
const most = 80;
const mostCharacters = 300;

/** Messages that say nothing about a failure: those of reading the nodes, and of cards of containers that come and go. */
const noise = [
	/Inconsistent driver and libnetwork state for endpoint/,
	/entered (blocking|forwarding|disabled|promiscuous) (state|mode)|left promiscuous mode|renamed from|link becomes ready/,
];

interface Weighed extends TimelineEntry {
	/** 0 is kept first. */
	weight: number;
}

/**
 * Returns what happened from `from` on (ISO 8601), until the evidence was taken, oldest first. If that is too much, it leaves out
 * first what engines report as mere information, and the oldest. `more`: what is known from elsewhere.
 */
export function timelineOf(
	{index, sections}: Evidence,
	{from, more = []}: {from: string; more?: readonly TimelineEntry[]},
): TimelineEntry[] {
	const logs = index.nodes.flatMap(node => {
		const text = (probe: string) => sections.find(each => each.node === node.name && each.probe === probe)?.text ?? '';
		return [...engineEntries(node, text('dockerd-log')), ...kernelEntries(node, text('kernel-log'))];
	});
	const inTime = [...more.map(each => ({...each, weight: 0})), ...logs].filter(
		({at}) => at >= from && at <= index.takenAt,
	);
	const kept = inTime
		.sort((a, b) => a.weight - b.weight || b.at.localeCompare(a.at))
		.slice(0, most)
		.sort((a, b) => a.at.localeCompare(b.at));
	return kept.map(({at, node, source, text}) => ({at, node, source, text: text.slice(0, mostCharacters)}));
}

/** Lines of dockerd: `time="2026-11-27T01:08:55.273784550Z" level=error msg="…"`, also where the journal has words before. */
function engineEntries(node: EvidenceNode, log: string): Weighed[] {
	const found = log.matchAll(/time="([^"]+)" level=(\w+) msg="((?:[^"\\]|\\.)*)"(.*)$/gm);
	return [...found].flatMap(([, time, level, message, rest]) => {
		const ms = Date.parse(time!);
		return level === 'debug' || Number.isNaN(ms) || noise.some(each => each.test(message!))
			? []
			: {
					at: new Date(ms - offsetOf(node) * 1000).toISOString(),
					...{node: node.name, source: 'engine' as const},
					text: `${level}: ${message!.replaceAll('\\"', '"')}${rest}`,
					weight: level === 'info' ? 3 : 2,
				};
	});
}

/** Lines of the kernel have the seconds since boot: `[  156.339158] IPVS: ipvs loaded.` */
function kernelEntries(node: EvidenceNode, log: string): Weighed[] {
	const {startedAt, uptime} = node;
	if (startedAt === undefined || uptime === undefined) {
		return [];
	}

	return [...log.matchAll(/^\[\s*(\d+\.\d+)\] (.*)$/gm)].flatMap(([, since, text]) =>
		noise.some(each => each.test(text!))
			? []
			: {
					at: new Date((startedAt - offsetOf(node) - uptime + Number(since)) * 1000).toISOString(),
					...{node: node.name, source: 'kernel' as const, text: text!, weight: 1},
				},
	);
}

/** Seconds by which the node's clock is ahead of this host's: the script begins between sending and answer. */
function offsetOf({startedAt, sentAt, answeredAt}: EvidenceNode): number {
	return startedAt === undefined ? 0 : startedAt < sentAt ? startedAt - sentAt : Math.max(0, startedAt - answeredAt);
}
