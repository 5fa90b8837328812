/** A swarm of containers, for any test runner. */
import type Docker from 'dockerode';
import {UsageError} from '../errors.ts';
import {Machine} from '../machine/index.ts';
import type {MachineHandle, Role} from '../model/index.ts';
import {bringUp, type CellUp, takeDown} from '../run/by-hand.ts';
import {removeAbandoned, withOwnProcesses} from './ownership.ts';
import {planCell} from './plan.ts';

/** How a command ended, with what it wrote. */
interface Ended {
	exitCode: number;
	stdout: string;
	stderr: string;
}

/** Describes a swarm. It is started by `start`, as often as you like. */
export class SwarmContainer {
	readonly #engine: string | undefined;
	#managers = 1;
	#workers = 2;
	#memory: number | undefined;
	#print: (line: string) => void = () => {};

	/** @param engine as for `--docker`, such as `28.5`; default: as the config says, else the engine of this host's release */
	constructor(engine?: string) {
		this.#engine = engine;
	}

	/** Default: 1. */
	withManagers(count: number): this {
		this.#managers = count;
		return this;
	}

	/** Default: 2. */
	withWorkers(count: number): this {
		this.#workers = count;
		return this;
	}

	/** Memory that each node may use, MiB. Default: 1024. */
	withMemory(mebibytes: number): this {
		this.#memory = mebibytes;
		return this;
	}

	/** @param print receives a line for each step that takes a while */
	withProgress(print: (line: string) => void): this {
		this.#print = print;
		return this;
	}

	/** Starts the containers and forms the swarm. Throws UsageError or HarnessError; then nothing is left. */
	async start(): Promise<StartedSwarm> {
		await removeAbandoned();
		const print = this.#print;
		const {cell, packages} = await planCell({
			engine: this.#engine,
			managers: this.#managers,
			workers: this.#workers,
			memory: this.#memory,
			print,
		});
		const up = await withOwnProcesses(async () => bringUp(cell, {packages, origin: 'cold boot', print, by: 'program'}));
		return new StartedSwarm(up);
	}
}

/** A swarm that is up. `await using swarm = await new SwarmContainer().start()` stops it at the end of the block. */
export class StartedSwarm implements AsyncDisposable {
	/** Managers first: `m1`, `w1`, `w2`. */
	readonly nodes: readonly SwarmContainerNode[];
	readonly #up: CellUp;

	constructor(up: CellUp) {
		this.#up = up;
		this.nodes = up.handle.machines.map(handle => new SwarmContainerNode(handle));
	}

	/** Returns a node by its name. Throws UsageError with the names of those that there are. */
	node(name: string): SwarmContainerNode {
		const found = this.nodes.find(node => node.name === name);
		if (!found) {
			throw new UsageError(`The swarm has no node "${name}"`, {
				remedy: `It has: ${this.nodes.map(each => each.name).join(', ')}`,
			});
		}

		return found;
	}

	/** The first manager. */
	get manager(): SwarmContainerNode {
		return this.nodes[0]!;
	}

	/** Runs a command on a node. It does not throw for an exit code other than 0. Throws MachineError, CommandError at its limit. */
	async exec(node: string, command: string | readonly string[], limitSeconds?: number): Promise<Ended> {
		return this.node(node).exec(command, limitSeconds);
	}

	/** Removes it. Throws Error with what could not be removed. */
	async stop(): Promise<void> {
		for (const node of this.nodes) {
			node.hangUp();
		}

		const {leftovers} = await takeDown(this.#up);
		if (leftovers.length > 0) {
			throw new Error(`Could not be removed: ${leftovers.join('; ')}`);
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
	}
}

/** A node of a swarm that is up. */
export class SwarmContainerNode {
	readonly #machine: Machine;

	constructor(handle: MachineHandle) {
		this.#machine = new Machine(handle);
	}

	/** Its host name: `m1`. */
	get name(): string {
		return this.#machine.name;
	}

	get role(): Role {
		return this.#machine.role;
	}

	/** On the network of the swarm. */
	get address(): string {
		return this.#machine.address;
	}

	/** Leads to its engine from this host, as DOCKER_HOST takes it. */
	get dockerHost(): string {
		return `unix://${this.#machine.handle.engine.socket}`;
	}

	/** A client of its engine. */
	docker(): Docker {
		return this.#machine.docker;
	}

	/** Runs a command. Text is a line for bash. `limitSeconds`: default 60. */
	async exec(command: string | readonly string[], limitSeconds?: number): Promise<Ended> {
		const {exitCode, stdout, stderr} = await this.#machine.exec(command, {
			...(limitSeconds !== undefined && {timeout: limitSeconds}),
		});
		return {exitCode, stdout, stderr};
	}

	/** Closes this process's connection to its engine. */
	hangUp(): void {
		this.#machine.hangUp();
	}
}
