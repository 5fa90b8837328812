/** A cell for the diagnosis bench: brought up, with services that answer on every way, and healthy again after a fault. */
import fs from 'node:fs';
import {withOwnProcesses} from '../harness/containers/ownership.ts';
import {diagnose} from '../harness/diagnosis/diagnose.ts';
import {HarnessError} from '../harness/errors.ts';
import {takeEvidence} from '../harness/evidence/evidence.ts';
import {readEvidence} from '../harness/evidence/folder.ts';
import {connect, type Machine, runInScope, waitUntil} from '../harness/machine/index.ts';
import {uniform} from '../harness/model/index.ts';
import {readCells, readConfig, readPackages} from '../harness/plan/resolve.ts';
import {bringUp, type CellUp, takeDown} from '../harness/run/by-hand.ts';
import type {Client} from '../harness/scenario/client.ts';
import type {Clients} from '../harness/scenario/clients.ts';
import type {Service} from '../harness/scenario/service.ts';
import {Swarm} from '../harness/scenario/swarm.ts';
import type {InjectedCause} from './diagnosis-cause.ts';
import {addFault, typeOn} from './diagnosis-put.ts';

export interface Asked {
	docker: string;
	kernel: string;
	provider: string;
}

/** The overlay of the services, as faults name it. */
const networkName = 'shop';
/** Published by the routing mesh. */
const port = 8080;
/** Seconds that a request may take. A SYN is repeated after 1 s. */
const requestLimit = 3;
/** Seconds from the undo until a swarm must be healthy. Gossip rejoins every 60 s. */
const healthyLimit = 150;

interface Work {
	web: Service;
	clients: Clients;
	/** Clients outside of the overlays, by node. */
	outside: Client[];
}

/** A cell that is up, with a service `web` on an overlay and in the routing mesh, and a client on each node. */
export class BenchCell {
	readonly #up: CellUp;
	readonly #machines: readonly Machine[];
	#swarm: Swarm;
	#work: Work | undefined;
	#encrypted = false;
	/** All was right, and no fault was put in since. */
	#isHealthy = false;
	/** Whether services have virtual addresses. */
	readonly #balanced: boolean;

	private constructor(up: CellUp, machines: readonly Machine[]) {
		this.#up = up;
		this.#machines = machines;
		this.#balanced = up.handle.cell.provider !== 'container';
		this.#swarm = this.#newSwarm();
	}

	/** Brings a cell up, from its snapshot if there is one. Throws HarnessError, UsageError. */
	static async open({docker, kernel, provider}: Asked, print: (line: string) => void): Promise<BenchCell> {
		const ofContainers = provider === 'container';
		const loaded = await readConfig({
			...{docker: [docker], provider: [provider], workers: '2'},
			...(ofContainers ? {} : {kernel: [kernel]}),
		});
		const packages = await readPackages(loaded);
		const [cell] = await readCells(loaded, packages, {}, {swarms: true, stacks: false, exercises: false}, print);
		const up = await withOwnProcesses(async () =>
			bringUp(cell!, {packages, origin: ofContainers ? 'cold boot' : 'cluster snapshot', print}),
		);
		try {
			return new BenchCell(up, await Promise.all(up.handle.machines.map(async each => connect(each))));
		} catch (error) {
			await takeDown(up);
			throw error;
		}
	}

	/** `kernel 6.1.0-56-cloud-amd64, Docker 20.10.24`. */
	get label(): string {
		return uniform(this.#up.handle.cell, ({kernel, engine}) => `kernel ${kernel.release}, Docker ${engine.version}`);
	}

	/** Makes the services, if the ones that are there are not of this kind, and waits until all of it is healthy. */
	async prepare(encrypted: boolean): Promise<void> {
		await this.#start(encrypted);
		if (!this.#isHealthy) {
			await this.healthy(healthyLimit);
		}
	}

	/** Makes the services, and does not mind if they do not get ready in this many seconds. */
	async startAnyway(seconds: number): Promise<void> {
		await runInScope({signal: AbortSignal.timeout(seconds * 1000)}, async () => this.#start(false)).catch(() => {});
	}

	/** Makes the services, if the ones that are there are not of this kind. */
	async #start(encrypted: boolean): Promise<void> {
		if (this.#work && this.#encrypted !== encrypted) {
			const problems = await this.#swarm.undo.run();
			if (problems.length > 0) {
				throw new HarnessError(problems.join('; '));
			}

			this.#swarm = this.#newSwarm();
			this.#work = undefined;
		}

		if (!this.#work) {
			const network = await this.#swarm.overlay({name: networkName, ...(encrypted && {options: {encrypted: ''}})});
			// The kernel of a host need not have ip_vs: then names lead to tasks, and no port is published.
			const balanced = this.#balanced ? {publish: [{target: 80, published: port}]} : {endpointMode: 'dnsrr' as const};
			const [web, clients] = await Promise.all([
				this.#swarm.service({name: 'web', image: 'web', replicas: 'global', networks: [network], ...balanced}),
				this.#swarm.clientsOnEveryNode(network, {name: 'clients'}),
			]);
			this.#work = {web, clients, outside: this.#machines.map(machine => this.#swarm.outside(machine))};
			this.#encrypted = encrypted;
		}
	}

	/** Waits until nodes are ready, tasks run, all nodes have what the managers report, and all requests are answered. Seconds. */
	async healthy(limit = healthyLimit): Promise<number> {
		const {web, clients} = this.#work!;
		const start = performance.now();
		const left = () => Math.max(1, limit - (performance.now() - start) / 1000);
		for (const machine of this.#machines) {
			await this.#swarm.members.waitForState(machine, 'ready', left());
		}

		for (const service of [web, clients]) {
			await service.tasksRun(left());
			await service.converge(left());
		}

		await waitUntil(
			'every request is answered',
			async () => {
				const {failed, all} = await this.traffic();
				return failed === 0 ? {done: true, value: undefined} : {done: false, seen: `${failed} of ${all} failed`};
			},
			{limit: left(), poll: 2},
		);
		this.#isHealthy = true;
		return (performance.now() - start) / 1000;
	}

	/** Sends requests from each node: to the virtual address, through the mesh of each node, and a large one. */
	async traffic(): Promise<{failed: number; all: number}> {
		if (!this.#work) {
			return {failed: 0, all: 0};
		}

		const {web, clients, outside} = this.#work;
		const n = this.#machines.length;
		const asked = [
			...[...clients].flatMap(client => [
				this.#ask(client, `http://${web.name}/`, n),
				this.#ask(client, `http://${web.name}/bytes/200k`, n),
			]),
			...(this.#balanced ? outside : []).map((client, at) =>
				this.#ask(client, `http://${this.#machines[(at + 1) % n]!.address}:${port}/`, n),
			),
		];
		const counts = await Promise.all(asked);
		const sum = (key: 'failed' | 'all') => counts.reduce((total, each) => total + each[key], 0);
		return {failed: sum('failed'), all: sum('all')};
	}

	/** Requests that get no answer for lack of a node count as failed. */
	async #ask(client: Client, url: string, connections: number): Promise<{failed: number; all: number}> {
		try {
			const signal = AbortSignal.timeout((connections * requestLimit + 10) * 1000);
			const answers = await runInScope({signal}, async () => client.get(url, {connections, timeout: requestLimit}));
			return {failed: connections - (answers.all.length - answers.failures.length), all: connections};
		} catch {
			return {failed: connections, all: connections};
		}
	}

	/** Puts a cause in. Throws UsageError, HarnessError, NotApplicable. */
	async put({faults, typed = []}: InjectedCause): Promise<void> {
		this.#isHealthy &&= faults.length + typed.length === 0;
		await typeOn(this.#machines, typed, 'put');
		for (const words of faults) {
			await addFault(this.#swarm, words);
		}
	}

	/** Takes a cause out. Throws HarnessError if something of it cannot be undone. */
	async heal({typed = []}: InjectedCause): Promise<void> {
		const problems = await this.#swarm.faults.healAll();
		await typeOn(this.#machines, typed, 'undo');
		for (const machine of this.#machines) {
			// An engine that was restarted has closed the connection.
			machine.hangUp();
		}

		if (problems.length > 0) {
			throw new HarnessError(problems.join('; '));
		}
	}

	/** Takes evidence as a scenario that did not pass does, and diagnoses it. `since`: see EvidenceIndex. */
	async look(folder: string, since: number) {
		fs.rmSync(folder, {recursive: true, force: true});
		const {handle} = this.#up;
		await takeEvidence(this.#machines, handle, {folder, since, reason: 'npm run bench:diagnosis'});
		const evidence = readEvidence(folder);
		const start = performance.now();
		const diagnosis = diagnose(evidence);
		return {diagnosis, evidenceSeconds: evidence.index.seconds, diagnosisMs: performance.now() - start};
	}

	/** Takes the cell down. Throws HarnessError with what is left. */
	async close(): Promise<void> {
		for (const machine of this.#machines) {
			machine.hangUp();
		}

		const {leftovers} = await takeDown(this.#up);
		if (leftovers.length > 0) {
			throw new HarnessError(`Left over: ${leftovers.join('; ')}`, {remedy: 'swarmlab gc'});
		}
	}

	#newSwarm(): Swarm {
		return new Swarm(this.#up.handle, this.#machines, 'bench:diagnosis');
	}
}
