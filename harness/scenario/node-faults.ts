/** Faults in one node, for a scenario: a method for each row of the table of faults. */
import type {NodeFaultTable} from '../faults/put.ts';
import {type NodeFaultName, nodeFaultNames, nodeFaults, type OptionsOf} from '../faults/table.ts';
import type {FaultRecord, NodeFaultStatus} from '../model/index.ts';
import type {Undo} from './undo.ts';

/** A fault in a node that a scenario put in. `await using` heals it at the end of a block. */
export interface NodeFaultHandle extends AsyncDisposable {
	/** What it does, in one sentence. */
	readonly what: string;
	/** What showed that it was on, as the node printed it. */
	readonly shown: string;
	/** Returns what shows that it is on now. Throws HarnessError if nothing does. */
	shows(): Promise<string>;
	/** Undoes it exactly. A second call does nothing. Throws HarnessError if it cannot be undone. */
	heal(): Promise<void>;
}

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
	? `${First}${Capitalize<Camel<Rest>>}`
	: Name;
type Given<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/** The faults of one node: `stop-engine` of the table is `stopEngine()`. */
export type NodeFaultsOf = {
	readonly [Name in NodeFaultName as Camel<Name>]: (...options: Given<OptionsOf<Name>>) => Promise<NodeFaultHandle>;
};

interface NodeFaultsOptions {
	/** Undefined where the cell has no nodes that can have faults. */
	table: NodeFaultTable;
	by: string;
	undo: Undo;
	records: FaultRecord[];
	/** Receives the name of a node that is away because of a fault. */
	onDowntime(node: string): void;
	/** One text for each change that remains of a node. */
	changes: Set<string>;
}

/** Returns the methods for a node. They throw UsageError for wrong options, NotApplicable where a node cannot have the fault. */
export function nodeFaultsOf(node: string, options: NodeFaultsOptions): NodeFaultsOf {
	const methods = nodeFaultNames.map(name => [
		name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
		async (given?: unknown) => addFault(node, name, given, options),
	]);
	return Object.fromEntries(methods) as NodeFaultsOf;
}

async function addFault(
	node: string,
	name: NodeFaultName,
	given: unknown,
	{table, by, undo, records, onDowntime, changes}: NodeFaultsOptions,
): Promise<NodeFaultHandle> {
	const {power} = nodeFaults[name];
	if (power) {
		onDowntime(node);
	}

	let healing: Promise<void> | undefined;
	let record: FaultRecord | undefined;
	const healOnce = async (fault: NodeFaultStatus) => {
		const left = `a fault could not be undone: ${fault.what}`;
		changes.add(left);
		try {
			await table.heal(fault);
		} catch (error) {
			// It may be tried again.
			healing = undefined;
			throw error;
		}

		changes.delete(left);
		if (record) {
			record.healedAt = new Date().toISOString();
		}
	};
	let heal = async () => {};
	const status = await table.add({node, fault: name, options: given, by}, entered => {
		record = {what: entered.what, at: entered.since, healedAt: ''};
		records.push(record);
		heal = async () => {
			healing ??= healOnce(entered);
			return healing;
		};
		undo.add(`undo the fault “${entered.what}”`, heal);
	});
	if (record) {
		record.shown = status.shown;
	}

	if (power === 'off' || power === 'reset') {
		changes.add(`${node} was booted again`);
	}

	return {
		what: status.what,
		shown: status.shown,
		shows: async () => table.shows(status),
		heal,
		[Symbol.asyncDispose]: async () => heal(),
	};
}
