/** Faults on the links between the nodes and in the nodes, for a scenario. All are healed when the scenario ends. */
import {HarnessError, UsageError} from '../errors.ts';
import type {NodeFaultTable} from '../faults/put.ts';
import type {Fault, FaultCounters, FaultRecord, FaultStatus} from '../model/index.ts';
import {LanControl} from '../network/control/control.ts';
import {
	type FaultKind,
	type FaultOptions,
	type FaultWhere,
	faultOf,
	linkDown,
	partitionFault,
} from '../network/faults/build.ts';
import type {Partition} from '../network/faults/partition.ts';
import {addLinkFault} from './link-faults.ts';
import {type NodeFaultsOf, nodeFaultsOf} from './node-faults.ts';
import {Undo} from './undo.ts';

/** A node by its name, or by its machine. */
type Node = string | {readonly name: string};
type Nodes = Node | readonly Node[];

/** The frames that a fault is about, and their nodes by name or machine. Without any part: every frame. */
export interface Where extends Omit<FaultWhere, 'from' | 'to' | 'at'> {
	/** Nodes that send. */
	from?: Nodes;
	/** Nodes that would get it. */
	to?: Nodes;
	/** Nodes that send or would get it. */
	at?: Nodes;
}

/** A fault that a scenario put in. `await using` heals it at the end of a block. */
export interface FaultHandle extends AsyncDisposable {
	/** What it does, in one sentence. */
	readonly what: string;
	/** Returns what it did so far; after it was healed, what it did in all. */
	counters(): Promise<FaultCounters>;
	/** Heals it, and returns what it did. A second call does nothing. */
	heal(): Promise<FaultCounters>;
}

export interface FaultsOptions {
	/** Control socket of the LAN's switch; undefined where there is none. */
	control: string | undefined;
	/** Names of the nodes. */
	nodes: readonly string[];
	/** The scenario's title. */
	by: string;
	/** Faults in the nodes; undefined where there can be none. */
	table?: NodeFaultTable;
	/** Names of machines that the scenario takes down on purpose: those that faults take down are added. */
	expectedDowntime?: Set<string>;
}

/** The faults of one scenario. Methods throw UsageError for unknown nodes and values, HarnessError if the LAN takes no faults. */
export class Faults {
	/** Faults that were put in, in their order. */
	readonly records: FaultRecord[] = [];
	/** What remains of faults in nodes, one text each: no other scenario runs on this swarm then. */
	readonly changes = new Set<string>();
	readonly #options: FaultsOptions;
	readonly #undo = new Undo();
	/** Last counters of faults that somebody else healed, by id. */
	readonly #healedElsewhere = new Map<number, FaultStatus>();
	#connection: Promise<LanControl> | undefined;

	constructor(options: FaultsOptions) {
		this.#options = options;
	}

	/** Returns the faults that a node can have: `faults.node(w1).stopEngine()`. */
	node(node: Node): NodeFaultsOf {
		const {table, by, expectedDowntime} = this.#options;
		if (!table) {
			throw new HarnessError('The nodes of this cell can have no faults', {
				remedy: "Let the scenario need them, so that it is skipped here: {faults: ['node']}.",
			});
		}

		return nodeFaultsOf(nameOf(node), {
			table,
			by,
			undo: this.#undo,
			records: this.records,
			onDowntime: name => expectedDowntime?.add(name),
			changes: this.changes,
		});
	}

	/** Drops frames. The sender gets no answer of any kind. */
	async block(where: Where): Promise<FaultHandle> {
		return this.#addKind('block', where);
	}

	/** Drops a share of the frames, in percent. */
	async loss(options: Where & FaultOptions['loss']): Promise<FaultHandle> {
		return this.#addKind('loss', options);
	}

	/** Makes frames late by `ms` milliseconds, plus or minus up to `jitterMs`. */
	async delay(options: Where & FaultOptions['delay']): Promise<FaultHandle> {
		return this.#addKind('delay', options);
	}

	/** Lets frames through at so many kbit/s. What does not fit a queue of 64 KiB (or `queueBytes`) is dropped. */
	async rate(options: Where & FaultOptions['rate']): Promise<FaultHandle> {
		return this.#addKind('rate', options);
	}

	/** Delivers a share of the frames twice. */
	async duplicate(options: Where & FaultOptions['duplicate']): Promise<FaultHandle> {
		return this.#addKind('duplicate', options);
	}

	/** Makes a share of the frames late by `ms`, so that later ones overtake them. */
	async reorder(options: Where & FaultOptions['reorder']): Promise<FaultHandle> {
		return this.#addKind('reorder', options);
	}

	/** Inverts one bit after the Ethernet header, in a share of the frames. */
	async corrupt(options: Where & FaultOptions['corrupt']): Promise<FaultHandle> {
		return this.#addKind('corrupt', options);
	}

	/** Nothing goes to the node and nothing comes from it. Its card keeps its carrier. */
	async linkDown(node: Node): Promise<FaultHandle> {
		return this.add(linkDown(nameOf(node)));
	}

	/**
	 * Cuts nodes off from each other: for each node, those that it does not hear, or a function that makes this of the names
	 * of all nodes, such as `partitions.halves`.
	 */
	async partition(cut: Partition | ((nodes: readonly string[]) => Partition)): Promise<FaultHandle> {
		return this.add(partitionFault(typeof cut === 'function' ? cut(this.#options.nodes) : cut));
	}

	/** Puts in a fault that is written as data. */
	async add(fault: Fault): Promise<FaultHandle> {
		const {table, control: socket} = this.#options;
		if (socket === undefined && table) {
			return addLinkFault(fault, {
				...this.#options,
				table,
				undo: this.#undo,
				records: this.records,
				changes: this.changes,
			});
		}

		const control = await this.#control();
		const status = await control.add(fault, this.#options.by);
		const record: FaultRecord = {what: status.what, at: status.since, healedAt: '', matched: 0, dropped: 0, changed: 0};
		this.records.push(record);
		let healing: Promise<FaultCounters> | undefined;
		const heal = async () => {
			healing ??= this.#heal(control, status.id).then(counters => {
				Object.assign(record, counters, {healedAt: new Date().toISOString()});
				return counters;
			});
			return healing;
		};
		this.#undo.add(`heal the fault “${status.what}”`, heal);
		return {
			what: status.what,
			heal,
			counters: async () => {
				const found = (await control.list()).find(({id}) => id === status.id);
				return found ? countersOf(found) : heal();
			},
			[Symbol.asyncDispose]: async () => {
				await heal();
			},
		};
	}

	/** Heals all faults of the scenario, the last one first. Returns what could not be healed; never throws. */
	async healAll(): Promise<string[]> {
		const problems = await this.#undo.run();
		const connection = this.#connection;
		this.#connection = undefined;
		// The end of the connection heals what is left.
		(await connection?.catch(() => undefined))?.close();
		return problems;
	}

	async #addKind<Kind extends FaultKind>(kind: Kind, options: Where & FaultOptions[Kind]): Promise<FaultHandle> {
		const {from, to, at, ...others} = options;
		const named = {from: namesOf(from), to: namesOf(to), at: namesOf(at)};
		return this.add(faultOf(kind, {...others, ...named} as FaultWhere & FaultOptions[Kind]));
	}

	async #heal(control: LanControl, id: number): Promise<FaultCounters> {
		try {
			return countersOf(await control.remove(id));
		} catch (error) {
			const healed = this.#healedElsewhere.get(id);
			if (error instanceof UsageError && healed) {
				return countersOf(healed);
			}

			throw error;
		}
	}

	async #control(): Promise<LanControl> {
		const {control} = this.#options;
		if (control === undefined) {
			throw new HarnessError('The links of this cell can have no faults', {
				remedy: "Let the scenario need them, so that it is skipped here: {faults: ['link']}.",
			});
		}

		this.#connection ??= LanControl.open(control).then(connection => {
			connection.onHealed = fault => this.#healedElsewhere.set(fault.id, fault);
			return connection;
		});
		return this.#connection;
	}
}

function countersOf({matched, dropped, changed}: FaultCounters): FaultCounters {
	return {matched, dropped, changed};
}

function nameOf(node: Node): string {
	return typeof node === 'string' ? node : node.name;
}

function namesOf(nodes: Nodes | undefined): string[] | undefined {
	return nodes === undefined ? undefined : Array.isArray(nodes) ? nodes.map(nameOf) : [nameOf(nodes as Node)];
}
