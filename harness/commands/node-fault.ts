/** `swarmlab fault` for faults in nodes. */
import {NotApplicable, UsageError} from '../errors.ts';
import {byHand} from '../faults/journal.ts';
import type {NodeFaultTable} from '../faults/put.ts';
import {nodeFaultNames, nodeFaults} from '../faults/table.ts';
import type {Fault, NodeFaultStatus} from '../model/index.ts';
import type {CellUp} from '../run/by-hand.ts';

/** Returns the faults in the nodes of a cell that is up. The machines are connected only when a command runs on them. */
export async function nodeFaultsIn({handle}: CellUp): Promise<NodeFaultTable> {
	const {NodeFaultTable} = await import('../faults/put.ts');
	const {Machine} = await import('../machine/index.ts');
	return new NodeFaultTable(
		handle,
		handle.machines.map(each => new Machine(each)),
	);
}

/** Puts a fault in that stays until it is healed or the cell goes down. */
export async function addNodeFault(
	up: CellUp,
	fault: string,
	{node, with: written = []}: {node?: string; with?: string[]},
): Promise<NodeFaultStatus> {
	if (node === undefined) {
		throw new UsageError(`${fault} needs --node`, {
			remedy: `The nodes are: ${up.handle.machines.map(({name}) => name).join(', ')}.`,
		});
	}

	const table = await nodeFaultsIn(up);
	return orRefused(table.add({node, fault, options: optionsFrom(written), by: byHand}));
}

/** Puts a fault on links into the nodes at their ends, where no switch of ours is. */
export async function addLinkInNodes(up: CellUp, fault: Fault): Promise<NodeFaultStatus[]> {
	const table = await nodeFaultsIn(up);
	return orRefused(table.addLink(fault, byHand));
}

/** What a cell cannot have is wrong usage, by hand. */
async function orRefused<T>(putting: Promise<T>): Promise<T> {
	try {
		return await putting;
	} catch (error) {
		throw error instanceof NotApplicable
			? new UsageError(error.message, {remedy: 'docs/faults.md names what each provider can have.'})
			: error;
	}
}

/** Reads `name=value` texts: a value may be JSON, or a word. Throws UsageError. Pure. */
export function optionsFrom(texts: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(
		texts.map(text => {
			const [, name, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
			if (name === undefined || value === undefined) {
				throw new UsageError(`--with takes name=value, and '${text}' is none`, {remedy: 'swarmlab fault kinds'});
			}

			return [name, jsonOrText(value)];
		}),
	);
}

function jsonOrText(text: string): unknown {
	try {
		return /^[[{"]/.test(text) ? JSON.parse(text) : text;
	} catch {
		return text;
	}
}

/** Every fault in nodes, what it takes, and what it does. Pure. */
/** A kind of fault in nodes, and the options that it takes. */
export interface NodeFaultKind {
	name: string;
	options: {name: string; about?: string}[];
	about: string;
}

export function nodeFaultKinds(): NodeFaultKind[] {
	return nodeFaultNames.map(name => {
		const {about, options} = nodeFaults[name];
		const taken = Object.entries(options.shape).map(([option, {description}]) => ({
			name: option,
			...(description && {about: description}),
		}));
		return {name, options: taken, about};
	});
}
