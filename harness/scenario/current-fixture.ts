/** The fixture that exists in a cell: finds it, verifies it, makes it and removes it. */
import fs from 'node:fs';
import {explain} from '../errors.ts';
import type {Machine} from '../machine/index.ts';
import {type CellHandle, membersIn} from '../model/index.ts';
import {type Overlay, removeLabelled, removeNetworkWhenFree} from '../swarm/index.ts';
import {writeAtomically} from '../write-atomically.ts';
import {Clients} from './clients.ts';
import {type Fixture, keyOf, type Part} from './fixture.ts';
import {converge, Service, type ServiceFacts} from './service.ts';
import {Swarm} from './swarm.ts';

interface FixtureFile {
	key: string;
	parts: Record<string, (Overlay & {kind?: undefined}) | (Omit<ServiceFacts, 'kind'> & {kind: 'service' | 'clients'})>;
}

export interface UsedFixture<Parts> {
	parts: Parts;
	/** Seconds until every node had converged on an existing fixture; undefined when the fixture was made now. */
	seconds?: number;
	/** Why an existing fixture was removed and made again. */
	note?: string;
}

export class CurrentFixture {
	readonly #cell: CellHandle;
	/** The members of the swarm. */
	readonly #machines: readonly Machine[];
	readonly #all: readonly Machine[];
	/** The file that describes the existing fixture. */
	readonly #file: string;
	/** The parts as objects of this process. They are reused, because they know their tasks. */
	#parts: {key: string; parts: Record<string, Part>} | undefined;
	/** Errors by fixture: a fixture that could not be made is not tried again for each scenario that needs it. */
	readonly #failures = new Map<string, unknown>();

	constructor(cell: CellHandle, machines: readonly Machine[], file: string) {
		this.#cell = cell;
		this.#machines = membersIn(machines);
		this.#all = machines;
		this.#file = file;
	}

	/** Returns the fixture's parts, running and converged: made now, or verified. Throws the error of making them. */
	async use<Parts extends Record<string, Part>>(fixture: Fixture<Parts>): Promise<UsedFixture<Parts>> {
		const key = keyOf(fixture);
		if (this.#failures.has(key)) {
			throw this.#failures.get(key);
		}

		const described = this.#read();
		let note: string | undefined;
		if (described?.key === key) {
			const parts = this.#parts?.key === key ? this.#parts.parts : this.#revive(described);
			this.#parts = {key, parts};
			try {
				await Promise.all(services(parts).map(service => service.tasksRun()));
				const seconds = await converge(services(parts), this.#machines, `“${fixture.name}”`);
				return {parts: parts as Parts, seconds};
			} catch (error) {
				// A damaged fixture does not decide this scenario's claim, but the result must mention it.
				note = `“${fixture.name}” did not work any more and was made again: ${explain(error)}`;
			}
		}

		await this.remove();
		const swarm = new Swarm(this.#cell, this.#all, fixture.name);
		try {
			const parts = await fixture.make(swarm);
			this.#parts = {key, parts};
			writeAtomically(this.#file, `${JSON.stringify({key, parts}, undefined, '\t')}\n`);
			return {parts, note};
		} catch (error) {
			this.#failures.set(key, error);
			await swarm.undo.run();
			throw error;
		}
	}

	/** Returns the ids of the existing fixture's parts. */
	ids(): Set<string> {
		return new Set(Object.values(this.#read()?.parts ?? {}).map(({id}) => id));
	}

	/** Removes what a killed scenario process left behind, but not the existing fixture. */
	async sweep(): Promise<void> {
		const manager = this.#machines.find(({role}) => role === 'manager');
		if (manager) {
			await removeLabelled(manager, [...this.ids()]);
		}
	}

	/** Removes the existing fixture. Returns what could not be removed; never throws. */
	async remove(): Promise<string[]> {
		const described = this.#read();
		this.#parts = undefined;
		if (!described) {
			return [];
		}

		fs.rmSync(this.#file, {force: true});
		const swarm = new Swarm(this.#cell, this.#all, 'fixture');
		for (const part of Object.values(described.parts).filter(({kind}) => !kind)) {
			swarm.undo.add(`remove network ${part.name}`, () => removeNetworkWhenFree(swarm.manager, part.id));
		}

		for (const service of services(this.#revive(described))) {
			swarm.undo.add(`remove service ${service.name}`, () => service.remove());
		}

		return swarm.undo.run();
	}

	#read(): FixtureFile | undefined {
		return fs.existsSync(this.#file) ? (JSON.parse(fs.readFileSync(this.#file, 'utf8')) as FixtureFile) : undefined;
	}

	#revive({parts}: FixtureFile): Record<string, Part> {
		const revived = Object.entries(parts).map(([name, part]): [string, Part] => {
			if (!part.kind) {
				return [name, part as Overlay];
			}

			return [name, part.kind === 'clients' ? new Clients(this.#machines, part) : new Service(this.#machines, part)];
		});
		return Object.fromEntries(revived);
	}
}

function services(parts: Record<string, Part>): Service[] {
	return Object.values(parts).filter(part => part instanceof Service);
}
