/** Faults on links where no switch of ours is between the nodes: as faults in the nodes at the ends of the links. Pure. */
import {z} from 'zod';
import {NotApplicable} from '../errors.ts';
import type {Fault, FaultAction, FaultCounters} from '../model/index.ts';
import {isOnLink} from '../network/faults/match.ts';
import {nodeFault} from './node-fault.ts';

const text = z.string().default('');

/** What the script `link` takes. Nobody writes this: see linkFaults. */
export const linkRow = nodeFault({
	about: 'A part of a fault on links.',
	options: z.strictObject({
		what: z.string(),
		how: z.enum(['drop', 'netem']),
		senders: text,
		receivers: text,
		share: z.number().default(10_000),
		netem: text,
		protocol: text,
		port: text,
		sourcePort: text,
		largerThanBytes: text,
	}),
	what: ({what}) => what,
	needs: () => 'link',
	script: 'link',
});

/** The part of a fault that is put into one node. */
export interface LinkPart {
	node: string;
	options: Record<string, unknown>;
}

/**
 * Returns the parts of a fault: frames are dropped where they arrive, and delayed or changed where they leave.
 * @param addresses of the nodes on the LAN, by name
 * @throws NotApplicable if no queue of the kernel does this
 */
export function linkParts(
	{match, action}: Fault,
	what: string,
	addresses: Readonly<Record<string, string>>,
): LinkPart[] {
	const {protocol, port, sourcePort, largerThanBytes} = match;
	const content = asTexts({protocol, port, sourcePort, largerThanBytes});
	const nodes = Object.keys(addresses);
	const drops = action.do === 'drop' || action.do === 'lose';
	const share = action.do === 'lose' ? Math.round(action.percent * 100) : 10_000;
	const queue = drops ? '' : netemOf(action);
	return nodes.flatMap((node): LinkPart[] => {
		const others = nodes.filter(
			other => other !== node && isOnLink(match, drops ? {from: other, to: node} : {from: node, to: other}),
		);
		const those = others.map(other => addresses[other]).join(' ');
		const options = drops ? {how: 'drop', senders: those, share} : {how: 'netem', receivers: those, netem: queue};
		return others.length === 0 ? [] : [{node, options: {what: `${node}: ${what}`, ...options, ...content}}];
	});
}

/** The words of tc-netem(8). */
function netemOf(action: FaultAction): string {
	switch (action.do) {
		case 'delay':
			return `delay ${action.ms}ms${action.jitterMs ? ` ${action.jitterMs}ms` : ''}`;
		case 'rate':
			return `rate ${action.kbitPerSecond}kbit`;
		case 'duplicate':
			return `duplicate ${action.percent}%`;
		case 'reorder':
			// netem sends a share at once and delays the others.
			return `delay ${action.ms}ms reorder ${100 - action.percent}%`;
		case 'corrupt':
			return `corrupt ${action.percent}%`;
		default:
			throw new NotApplicable(`No queue of the kernel can ${action.do}`);
	}
}

function asTexts(values: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]) => [name, String(value)]),
	);
}

/** Parses what the script printed: packets that were matched, dropped, changed. */
export function countersIn(printed: string): FaultCounters {
	const [, matched = 0, dropped = 0, changed = 0] = (/^(\d+) (\d+) (\d+)$/m.exec(printed) ?? []).map(Number);
	return {matched, dropped, changed};
}
