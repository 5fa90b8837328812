/** The way of a packet and the time line of a failure, in words. Pure. */
import type {PacketPath, PathHop, TimelineEntry} from '../harness/model/index.ts';

/** The places of a way, as a reader knows them. */
export const places: Record<PathHop['at'], string> = {
	client: 'client',
	balancer: 'balancer (IPVS)',
	sender: 'VXLAN device',
	wire: 'between nodes',
	receiver: 'VXLAN device',
	task: 'task',
};

/** What is shown of a place. */
export const stateSigns: Record<PathHop['state'], string> = {passes: '✓', stops: '✗', unknown: '?'};

/** Returns the ways in words: a sentence, then a line for each place. */
export function pathLines(paths: readonly PacketPath[]): string[] {
	return paths.flatMap(({sentence, hops}) => [sentence, ...hops.map(hop => `  ${hopLine(hop)}`)]);
}

/** Returns a place in one line: `✓ balancer (IPVS), m1: row 10.200.1.3, weight 1`. */
export function hopLine({at, node, state, says}: PathHop): string {
	return `${stateSigns[state]} ${places[at]}${node ? `, ${node}` : ''}: ${says.join('; ') || 'the evidence has nothing about it'}`;
}

/** Returns the entries of a time line, one line each; times are UTC. */
export function timelineLines(entries: readonly TimelineEntry[]): string[] {
	const rows = entries.map(({at, node, source, text}) => [timeOf(at), node || 'cell', source, text]);
	const widths = [0, 1, 2].map(column => Math.max(0, ...rows.map(row => row[column]!.length)));
	return rows.map(row =>
		row
			.map((part, column) => part.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** Returns the time of day with milliseconds. */
export function timeOf(at: string): string {
	return at.slice(11, 23);
}
