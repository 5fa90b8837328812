/** Puts faults into nodes and undoes them. What is on stands in a file of the cell from before it is put in until it is undone. */
import {HarnessError, NotApplicable, UsageError} from '../errors.ts';
import {limits} from '../limits.ts';
import {type Machine, power, quote, quoteAll} from '../machine/index.ts';
import type {CellHandle, Fault, NodeFaultStatus} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {describe} from '../network/faults/describe.ts';
import {parseFault} from '../network/faults/schema.ts';
import {amend, enter, nodeFaultsOn, strike} from './journal.ts';
import {linkParts} from './link.ts';
import {putScript, type ScriptParts, showsScript, undoScript} from './script.ts';
import {describeNodeFault, type NodeFaultName, nodeFaults, parseOptions, requireNodeFault} from './table.ts';

export interface NodeFaultRequest {
	node: string;
	fault: string;
	options?: unknown;
	/** A scenario's title, or `by hand`. */
	by: string;
}

/** Files of the node whose faults leave its engine without the connection that this process keeps. */
const restartsEngine = ['engine', 'configuration', 'take-vxlan-port'];

/** The faults in the nodes of one cell. */
export class NodeFaultTable {
	readonly #cell: Pick<CellHandle, 'cell' | 'folder' | 'faults'>;
	readonly #machines: readonly Machine[];
	/** Per node one after the other: a fault is undone only when it has been put in. */
	readonly #last = new Map<string, Promise<unknown>>();

	constructor(cell: Pick<CellHandle, 'cell' | 'folder' | 'faults'>, machines: readonly Machine[]) {
		this.#cell = cell;
		this.#machines = machines;
	}

	/** Returns the faults that are on, also those that others have put in. */
	list(): NodeFaultStatus[] {
		return nodeFaultsOn(this.#cell.folder);
	}

	/**
	 * Puts a fault in. `onEntered` gets it before that: from then on it can be undone.
	 * @throws UsageError for unknown names and values; NotApplicable if the provider or the node cannot have it; HarnessError if
	 * it could not be put in: then it is undone
	 */
	async add(
		{node, fault, options, by}: NodeFaultRequest,
		onEntered: (entered: NodeFaultStatus) => void = () => {},
	): Promise<NodeFaultStatus> {
		const name = fault === 'link' ? fault : requireNodeFault(fault);
		const machine = this.#machine(node);
		const parsed = parseOptions(name, options);
		const {peer} = parsed;
		if (typeof peer === 'string') {
			this.#machine(peer);
		}

		this.#require(name, parsed);
		const what = describeNodeFault(node, name, parsed);
		const since = new Date().toISOString();
		const entered = enter(this.#cell.folder, {node, fault: name, options: parsed, what, shown: '', by, since});
		onEntered(entered);
		try {
			const shown = await this.#oneByOne(node, async () => this.#put(machine, entered));
			const put = {...entered, shown};
			amend(this.#cell.folder, put);
			return put;
		} catch (error) {
			await this.heal(entered);
			throw error;
		}
	}

	/**
	 * Puts a fault on links in, where no switch of ours is: in the nodes at their ends. Throws as `add` does; then no part is on.
	 */
	async addLink(fault: Fault, by: string, onEntered?: (entered: NodeFaultStatus) => void): Promise<NodeFaultStatus[]> {
		const addresses = Object.fromEntries(this.#machines.map(({name, address}) => [name, address]));
		const checked = parseFault(fault, Object.keys(addresses));
		const put: NodeFaultStatus[] = [];
		try {
			for (const {node, options} of linkParts(checked, describe(checked), addresses)) {
				put.push(await this.add({node, fault: 'link', options, by}, onEntered));
			}
		} catch (error) {
			for (const part of put.toReversed()) {
				await this.heal(part);
			}

			throw error;
		}

		return put;
	}

	/**
	 * Undoes a fault and returns what the node printed. A second time does nothing.
	 * Throws HarnessError if it could not be undone: then it counts as on.
	 */
	async heal(fault: NodeFaultStatus): Promise<string> {
		return this.#oneByOne(fault.node, async () => {
			if (!this.list().some(({id}) => id === fault.id)) {
				return '';
			}

			const printed = await this.#undo(this.#machine(fault.node), fault);
			strike(this.#cell.folder, fault);
			return printed;
		});
	}

	/** Returns what shows that a fault is on, as the node prints it. Throws HarnessError if nothing does. */
	async shows(fault: NodeFaultStatus): Promise<string> {
		const row = nodeFaults[fault.fault as NodeFaultName | 'link'];
		if (row.script === undefined) {
			return fault.what;
		}

		return this.#run(
			this.#machine(fault.node),
			showsScript(this.#parts(fault)),
			`nothing shows the fault ${fault.fault}`,
		);
	}

	#machine(name: string): Machine {
		const found = this.#machines.find(machine => machine.name === name);
		if (!found) {
			const names = this.#machines.map(machine => machine.name);
			const [near] = nearest(name, names, 1);
			throw new UsageError(`There is no node '${name}'.${near ? ` Did you mean '${near}'?` : ''}`, {
				remedy: `The nodes are: ${names.join(', ')}.`,
			});
		}

		return found;
	}

	#require(name: NodeFaultName | 'link', options: Record<string, unknown>): void {
		const {faults = [], cell} = this.#cell;
		const place = nodeFaults[name].needs?.(options) ?? 'node';
		if (!faults.includes(place)) {
			throw new NotApplicable(`Nodes of the provider ${cell.provider} cannot have the fault ${name}: ${why[place]}`);
		}
	}

	async #put(machine: Machine, fault: NodeFaultStatus): Promise<string> {
		const {power: action} = nodeFaults[fault.fault as NodeFaultName | 'link'];
		if (action) {
			await power(machine, action);
			return fault.what;
		}

		const parts = this.#parts(fault, await this.#merged(machine, fault));
		const shown = await this.#run(machine, putScript(parts), `the fault ${fault.fault} could not be put in`);
		this.#hangUp(machine, parts);
		return shown;
	}

	async #undo(machine: Machine, fault: NodeFaultStatus): Promise<string> {
		const {power: action} = nodeFaults[fault.fault as NodeFaultName | 'link'];
		if (action) {
			// A reset is over when it was put in.
			await (action === 'reset' ? undefined : power(machine, action === 'off' ? 'on' : 'resume'));
			return '';
		}

		const parts = this.#parts(fault);
		const printed = await this.#run(machine, undoScript(parts), `the fault ${fault.fault} could not be undone`);
		this.#hangUp(machine, parts);
		return printed;
	}

	async #merged(machine: Machine, {fault, options}: NodeFaultStatus): Promise<Record<string, string>> {
		const {reads, merge} = nodeFaults[fault as NodeFaultName | 'link'];
		const text = reads && (await machine.run(`[ ! -e ${quote(reads)} ] || cat ${quote(reads)}`));
		return merge?.(options, text ?? '') ?? {};
	}

	#parts({id, node, fault, options}: NodeFaultStatus, more: Record<string, string> = {}): ScriptParts {
		const {script = '', set = {}, options: schema} = nodeFaults[fault as NodeFaultName | 'link'];
		const others = this.#machines.filter(({name}) => name !== node).map(({name, address}) => [name, address] as const);
		return {
			script,
			names: [...Object.keys(schema.shape), 'peer', 'network', 'merged'],
			values: {...options, ...set, ...more},
			site: {id, address: this.#machine(node).address, others: Object.fromEntries(others)},
		};
	}

	async #run(machine: Machine, script: string, trouble: string): Promise<string> {
		const words = ['timeout', '-s', 'KILL', String(limits.nodeFault), 'sh', '-c', script];
		await machine.reconnect();
		const {exitCode, stdout, stderr} = await machine.exec(quoteAll(words), {timeout: limits.nodeFault + limits.exec});
		if (exitCode === lackingExitCode) {
			throw new NotApplicable(
				`The kernel of ${machine.name} cannot have this fault: ${stderr.trim() || 'it lacks nft or netem'}`,
			);
		}

		if (exitCode !== 0) {
			const said = stderr.trim() || stdout.trim() || `its script ended with ${exitCode}`;
			throw new HarnessError(`${machine.name}: ${trouble}: ${said}`);
		}

		return stdout.trim();
	}

	#hangUp(machine: Machine, {script}: ScriptParts): void {
		if (restartsEngine.includes(script)) {
			machine.hangUp();
		}
	}

	async #oneByOne<T>(node: string, work: () => Promise<T>): Promise<T> {
		const next = (this.#last.get(node) ?? Promise.resolve()).catch(() => undefined).then(work);
		this.#last.set(node, next);
		return next;
	}
}

/** scripts/link ends with it if the kernel lacks what the fault needs. */
const lackingExitCode = 77;

const why = {
	link: 'no provider puts faults on its links',
	node: 'no command puts it in there',
	machine: 'they have no kernel, clock, memory and disk of their own',
	power: 'their power cannot be cut from here',
};
