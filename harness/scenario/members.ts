/** Makes nodes leave, join or drain. After the scenario they are put back, with every verdict. */
import {limits} from '../limits.ts';
import {type Machine, waitUntil} from '../machine/index.ts';
import {
	type Availability,
	type JoinTokens,
	join,
	leave,
	listNodes,
	lookForNodes,
	membership,
	readTokens,
	removeNode,
	rotateWorkerToken,
	setAvailability,
} from '../swarm/index.ts';
import type {Undo} from './undo.ts';

export class Members {
	readonly #manager: Machine;
	readonly #undo: Undo;

	constructor(manager: Machine, undo: Undo) {
		this.#manager = manager;
		this.#undo = undo;
	}

	/** Returns the tokens with which nodes join now. */
	async tokens(): Promise<JoinTokens> {
		return readTokens(this.#manager);
	}

	/** Replaces the workers' token, so that the old one is refused. Returns the new tokens. */
	async rotateWorkerToken(): Promise<JoinTokens> {
		return rotateWorkerToken(this.#manager);
	}

	/** Returns the membership that the machine's own engine reports. */
	async of(machine: Machine): Promise<{state: string; nodeId: string; error: string}> {
		return membership(machine);
	}

	/** Makes a worker leave the swarm, by a request to the worker's own engine. It joins again after the scenario. */
	async leave(machine: Machine): Promise<void> {
		this.#undo.add(`bring ${machine.name} back into the swarm`, async () => {
			const {state} = await membership(machine);
			if (state !== 'active') {
				await leave(machine, {force: true}).catch(() => {});
				await this.join(machine, (await readTokens(this.#manager)).worker);
			}

			await this.forget(machine);
		});
		await leave(machine);
	}

	/** Makes a machine join and waits until it is Ready. Returns seconds. Throws EngineError if the engine refuses. */
	async join(machine: Machine, token: string): Promise<number> {
		const start = performance.now();
		await join(machine, this.#manager, token);
		await this.waitForState(machine, 'ready');
		return (performance.now() - start) / 1000;
	}

	/** Waits until the manager reports this state of the node. Returns seconds. Throws NotProvenError. */
	async waitForState(machine: Machine, state: 'ready' | 'down', limit: number = limits.formSwarm): Promise<number> {
		const {seconds} = await waitUntil(
			`the manager sees ${machine.name} ${state}`,
			lookForNodes(this.#manager, [machine.name], state),
			{limit},
		);
		return seconds;
	}

	/** Removes the nodes of a machine that are down: the identities under which it was a member before. */
	async forget(machine: Machine): Promise<void> {
		const nodes = await listNodes(this.#manager);
		for (const node of nodes.filter(({name, state}) => name === machine.name && state === 'down')) {
			await removeNode(this.#manager, node.id);
		}
	}

	/**
	 * Sets the availability of a node; it is active again after the scenario. Throws TypeError if no such node is ready.
	 * @param whateverState the node may be down, too
	 */
	async set(machine: Machine, availability: Availability, {whateverState = false} = {}): Promise<void> {
		if (availability !== 'active') {
			this.#undo.add(`make ${machine.name} active again`, () => this.set(machine, 'active'));
		}

		const nodes = await listNodes(this.#manager);
		const node = nodes.find(({name, state}) => name === machine.name && (whateverState || state === 'ready'));
		if (!node) {
			throw new TypeError(`There is no node ${machine.name} that is ready`);
		}

		await setAvailability(this.#manager, node.id, availability);
	}
}
