/** What happened to a cell as a whole while a claim was proven: for the time line of its failure. */
import fs from 'node:fs';
import path from 'node:path';
import type {FaultRecord, TimelineEntry} from '../model/index.ts';
import type {Flow} from '../network/capture/flows.ts';

/** Returns the events of the scenario itself: begin, faults, failure. Pure. */
export function eventsOf({
	startedAt,
	failedAt,
	reason,
	faults,
}: {
	startedAt: string;
	failedAt: string;
	reason: string;
	faults: readonly FaultRecord[];
}): TimelineEntry[] {
	const event = (at: string, text: string): TimelineEntry => ({at, node: '', source: 'scenario', text});
	return [
		event(startedAt, 'it began'),
		...faults.flatMap(({what, at, healedAt}) => [
			event(at, `put in: ${what}`),
			...(healedAt === '' ? [] : [event(healedAt, `healed: ${what}`)]),
		]),
		event(failedAt, `it did not hold: ${reason}`),
	];
}

/** Returns what faults of the LAN's switch dropped, by the capture in the folder of evidence. Never throws. */
export function droppedBySwitch(folder: string): TimelineEntry[] {
	try {
		const flows = JSON.parse(fs.readFileSync(path.join(folder, 'lan', 'capture.json'), 'utf8')) as Flow[];
		return flows
			.filter(({dropped}) => Object.keys(dropped).length > 0)
			.slice(0, 10)
			.map(({kind, outer, inner, dropped, firstAt, lastAt}) => {
				const ends = inner ?? outer;
				const counts = Object.entries(dropped).map(([node, count]) => `${count} before ${node}`);
				const what = `${kind === 'vxlan' ? 'VXLAN, ' : ''}${ends.protocol} ${ends.source} → ${ends.destination}`;
				return {
					...{at: firstAt, node: '', source: 'switch'},
					text: `drops ${what}: ${counts.join(', ')}, until ${lastAt.slice(11, 19)}`,
				};
			});
	} catch {
		return [];
	}
}
