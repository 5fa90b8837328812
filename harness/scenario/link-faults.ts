/** A fault on links for a scenario, where no switch of ours is: it is put into the nodes at the ends of the links. */
import {countersIn} from '../faults/link.ts';
import type {NodeFaultTable} from '../faults/put.ts';
import type {Fault, FaultCounters, FaultRecord, NodeFaultStatus} from '../model/index.ts';
import {describe} from '../network/faults/describe.ts';
import type {FaultHandle} from './faults.ts';
import type {Undo} from './undo.ts';

interface LinkFaultOptions {
	table: NodeFaultTable;
	by: string;
	undo: Undo;
	records: FaultRecord[];
	/** One text for each change that remains of a node. */
	changes: Set<string>;
}

/** Puts it in. Throws NotApplicable if the kernel of a node cannot have it. */
export async function addLinkFault(
	fault: Fault,
	{table, by, undo, records, changes}: LinkFaultOptions,
): Promise<FaultHandle> {
	const what = describe(fault);
	const record: FaultRecord = {what, at: new Date().toISOString(), healedAt: '', matched: 0, dropped: 0, changed: 0};
	const parts: NodeFaultStatus[] = [];
	let healing: Promise<FaultCounters> | undefined;
	const healOnce = async () => {
		const left = `a fault could not be undone: ${what}`;
		changes.add(left);
		const printed: string[] = [];
		for (const part of parts.toReversed()) {
			printed.push(await table.heal(part));
		}

		changes.delete(left);
		const counters = together(printed);
		Object.assign(record, counters, {healedAt: new Date().toISOString()});
		return counters;
	};
	const heal = async () => {
		healing ??= healOnce();
		return healing;
	};
	undo.add(`undo the fault “${what}”`, heal);
	await table.addLink(fault, by, entered => parts.push(entered));
	records.push(record);
	return {
		what,
		heal,
		counters: async () => (healing ? heal() : together(await Promise.all(parts.map(async part => table.shows(part))))),
		[Symbol.asyncDispose]: async () => {
			await heal();
		},
	};
}

function together(printed: readonly string[]): FaultCounters {
	const all = printed.map(countersIn);
	const sum = (name: keyof FaultCounters) => all.reduce((total, each) => total + each[name], 0);
	return {matched: sum('matched'), dropped: sum('dropped'), changed: sum('changed')};
}
