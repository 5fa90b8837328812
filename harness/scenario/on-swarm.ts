/** Proves claims about a swarm: the swarm, the fixture on it, and the removal of what the scenario made. */
import type {ExecutionContext} from 'ava';
import {NotApplicable} from '../errors.ts';
import {byHand} from '../faults/journal.ts';
import {NodeFaultTable} from '../faults/put.ts';
import {limits} from '../limits.ts';
import {excludingStarvation, Machine} from '../machine/index.ts';
import {type CellHandle, type Disagreement, type Isolation, type Job, membersIn} from '../model/index.ts';
import {proveReady} from '../swarm/index.ts';
import {lookForDisagreements} from './agreement.ts';
import type {Attempt} from './attempt.ts';
import type {AttemptEnd, ClaimHooks} from './attempt-claim.ts';
import {CurrentFixture, type UsedFixture} from './current-fixture.ts';
import type {Part} from './fixture.ts';
import {lacking, lackingFaults, lackingKernel} from './lacking.ts';
import {connectAll} from './machines.ts';
import type {Needs} from './needs.ts';
import type {FixtureNeeds, Prove} from './scenario.ts';
import {doSteps} from './steps.ts';
import {Swarm} from './swarm.ts';
import {changesSince, tracesOf} from './traces.ts';

type Parts = Record<string, Part>;

let lab: Promise<Lab> | undefined;

/** Needs with new names only. */
export type SomeNeeds = Omit<Needs & Partial<FixtureNeeds<Parts>>, 'cluster' | 'spoils'> & {cluster?: Isolation};

interface Lab {
	machines: Machine[];
	current: CurrentFixture;
	/** The cluster as it was before the first scenario of this process. */
	before: string[];
}

/** The hooks of a claim about a swarm: the swarm, the fixture on it, and the removal of what the scenario made. */
export class OnSwarm implements ClaimHooks {
	readonly limit: number;
	readonly #needs: SomeNeeds;
	readonly #prove: Prove<unknown>;
	#lab: Lab | undefined;
	#swarm: Swarm | undefined;

	constructor(needs: SomeNeeds, prove: Prove<unknown>) {
		const {limit = limits.scenario, fixture} = needs;
		this.limit = limit + (fixture ? limits.scenario : 0);
		this.#needs = needs;
		this.#prove = prove;
	}

	/** Makes the fixture first; its seconds are not those of the claim. */
	async prove(t: ExecutionContext, attempt: Attempt): Promise<void> {
		const {cell, planned} = attempt;
		const lack = lacking(cell.cell, this.#needs) ?? lackingFaults(cell, this.#needs);
		if (lack) {
			t.pass();
			throw new NotApplicable(lack);
		}

		const lab = await openLab(attempt);
		const kernelLack = await lackingKernel(lab.machines, this.#needs);
		if (kernelLack) {
			t.pass();
			throw new NotApplicable(kernelLack);
		}

		const swarm = new Swarm(cell, lab.machines, planned.title);
		this.#lab = lab;
		this.#swarm = swarm;
		attempt.machines = lab.machines;
		attempt.expectedDowntime = swarm.expectedDowntime;
		attempt.metrics = swarm.metrics;
		attempt.faults = swarm.faults.records;
		attempt.asks = this.#needs.kernel ?? [];
		const used = await this.#useFixture(attempt, lab.current);
		if (used?.seconds !== undefined) {
			swarm.measure('fixture ready on every node', used.seconds);
		}

		attempt.notes.push(...(used?.note ? [used.note] : []));
		const {limit = limits.scenario, steps = [], agrees = false} = this.#needs;
		await attempt.prove(limit, async () => {
			await doSteps(steps, lab.machines, {limit, log: line => t.log(line)});
			try {
				if (agrees) {
					swarm.watchAgreement();
				}

				await this.#prove(t, swarm, used?.parts);
				await swarm.endWatches();
				if (agrees) {
					await swarm.agrees();
				}
			} finally {
				swarm.abandonWatches();
			}
		});
	}

	async #useFixture(attempt: Attempt, current: CurrentFixture): Promise<UsedFixture<Parts> | undefined> {
		const {fixture} = this.#needs;
		return fixture && attempt.runWithLimit(limits.scenario, `“${fixture.name}” is made`, () => current.use(fixture));
	}

	async disagreements({machines, cell}: Attempt): Promise<Disagreement[]> {
		return excludingStarvation(cell.machines, () => lookForDisagreements(machines));
	}

	/** Cleans up and returns what changed. Machines that are thrown away after the scenario are neither cleaned nor compared. */
	async clean({cell, assignment, machines, notes}: Attempt, {isRed, hasDied}: AttemptEnd): Promise<string[]> {
		// First: with a fault on, nothing else can be cleaned.
		notes.push(...((await this.#swarm?.faults.healAll()) ?? []));
		const {cluster = 'shared', fixture, modifies = false} = this.#needs;
		if (cluster !== 'shared' && (cell.origin !== 'cold boot' || assignment.thrownAway)) {
			return [];
		}

		const {current, before} = this.#lab ?? {};
		return excludingStarvation(cell.machines, async () => {
			notes.push(...((await this.#swarm?.undo.run()) ?? []));
			if (fixture && (isRed || modifies)) {
				notes.push(...((await current?.remove()) ?? []));
			}

			const changed = [...(this.#swarm?.upgraded ?? []), ...(this.#swarm?.faults.changes ?? [])];
			if (changed.length > 0) {
				return changed;
			}

			return before && current && cluster === 'shared' && !hasDied
				? changesSince(before, () => tracesOf(machines, current.ids()))
				: [];
		});
	}
}

/**
 * Undoes the faults of a scenario whose process was killed. Throws HarnessError if one cannot be undone: faults must not meet. What was
 * put in by hand stays.
 */
async function healForeign(cell: CellHandle): Promise<void> {
	const table = new NodeFaultTable(
		cell,
		cell.machines.map(handle => new Machine(handle)),
	);
	const ofScenarios = table.list().filter(({by}) => by !== byHand);
	for (const fault of ofScenarios.toReversed()) {
		await table.heal(fault);
	}
}

async function openLab({cell, assignment}: Job): Promise<Lab> {
	lab ??= (async () => {
		await healForeign(cell);
		const machines = await connectAll(cell);
		const current = new CurrentFixture(cell, machines, assignment.fixtureFile);
		await current.sweep();
		// A node that is slow to restore may miss its heartbeats and be Ready later. No scenario causes that.
		if (machines.some(({role}) => role === 'manager')) {
			await proveReady(membersIn(machines));
		}

		return {machines, current, before: await tracesOf(machines, current.ids())};
	})();
	try {
		return await lab;
	} catch (error) {
		// The next scenario may reach the machine again.
		lab = undefined;
		throw error;
	}
}
