/** Faults that a person put into a cell, by `swarmlab fault add`: they stay while scenarios run on it, whose results name them. */
import {byHand} from '../faults/journal.ts';
import {faultsOn} from '../faults/on.ts';
import type {CellHandle, FaultRecord} from '../model/index.ts';

/**
 * Returns the faults that were put in by hand and are on, the oldest first. `before` are those that were on earlier: they stay in the
 * list. Never throws: where they cannot be read, the claim itself finds that nothing answers.
 */
export async function faultsByHand(
	cell: Pick<CellHandle, 'lan' | 'folder'>,
	before: readonly FaultRecord[] = [],
): Promise<FaultRecord[]> {
	const all = await faultsOn(cell).catch(() => []);
	const now = all
		.filter(({by}) => by === byHand)
		.map(({what, by, since, ...rest}): FaultRecord => {
			const said =
				'shown' in rest ? {shown: rest.shown} : {matched: rest.matched, dropped: rest.dropped, changed: rest.changed};
			return {what, by, at: since, healedAt: '', ...said};
		});
	const isOn = (one: FaultRecord) => now.some(({what, at}) => what === one.what && at === one.at);
	return [...before.filter(each => !isOn(each)), ...now].sort((one, other) => one.at.localeCompare(other.at));
}
