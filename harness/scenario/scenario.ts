/** Claims about a swarm. */
import type {ExecutionContext} from 'ava';
import {NotApplicable} from '../errors.ts';
import {limits} from '../limits.ts';
import {excludingStarvation, type Machine} from '../machine/index.ts';
import type {Isolation, Job, PlannedScenario} from '../model/index.ts';
import {proveReady} from '../swarm/index.ts';
import {isRefusedClaim, problemsOf} from './announced.ts';
import type {Attempt} from './attempt.ts';
import {callSite} from './call-site.ts';
import {type AttemptEnd, type ClaimHooks, claim} from './claim.ts';
import {CurrentFixture, type UsedFixture} from './current-fixture.ts';
import type {Fixture, Part} from './fixture.ts';
import {connectAll} from './machines.ts';
import {lacking, lackingKernel, type Needs, needsRules} from './needs.ts';
import {type ArrangedNeeds, reportOldNames, withNewNames} from './old-names.ts';
import {Swarm} from './swarm.ts';
import {changesSince, tracesOf} from './traces.ts';

type Parts = Record<string, Part>;

/** The proof. `made` are the parts of the fixture that was asked for. */
export type Prove<Made> = (t: ExecutionContext, swarm: Swarm, made: Made) => Promise<void>;

export interface FixtureNeeds<Made extends Parts> extends Needs {
	fixture: Fixture<Made>;
	/** It changes the fixture, which is of no use to others afterwards. */
	modifies?: boolean;
	/** @deprecated It is called `modifies` now. */
	spoils?: boolean;
}

let lab: Promise<Lab> | undefined;

/** By the names of today. */
type SomeNeeds = Omit<Needs & Partial<FixtureNeeds<Parts>>, 'cluster' | 'spoils'> & {cluster?: Isolation};

interface Lab {
	machines: Machine[];
	current: CurrentFixture;
	/** The cluster as it was before the first scenario of this process. */
	before: string[];
}

/**
 * Claims something about a swarm. `title` is a sentence that must be true; `needs` says what the cell must have.
 * An assertion (or the product not doing in time what it promises) is `failed`, trouble of the lab is `broken`.
 */
export function scenario<Made extends Parts>(title: string, needs: FixtureNeeds<Made>, prove: Prove<Made>): void;
/** @deprecated The needs `arrangement` and `spoils` are called `fixture` and `modifies` now. */
export function scenario<Made extends Parts>(title: string, needs: ArrangedNeeds<Made>, prove: Prove<Made>): void;
export function scenario(title: string, needs: Needs, prove: Prove<undefined>): void;
export function scenario(title: string, written: Needs, prove: Prove<never>): void {
	const said = {title, ...callSite()};
	const {needs, used} = withNewNames(written);
	reportOldNames(used, said);
	if (isRefusedClaim(said, problemsOf('scenario(title, needs, prove)', [title, needs, prove], needsRules))) {
		return;
	}

	const known = needs as SomeNeeds;
	const {cluster, fixture} = known;
	const planned: PlannedScenario = {
		...said,
		...(cluster && cluster !== 'shared' && {cluster}),
		...(fixture && {fixture: {name: fixture.name, file: fixture.source.file}}),
	};
	claim(planned, new OnSwarm(known, prove as Prove<unknown>));
}

/** What a scenario has of its own among the steps of every claim: a swarm, the fixture on it, and their undoing. */
class OnSwarm implements ClaimHooks {
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

	/** What it needs from others is made first, on nobody's account. */
	async prove(t: ExecutionContext, attempt: Attempt): Promise<void> {
		const {cell, planned} = attempt;
		const lack = lacking(cell.cell, this.#needs);
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
		const used = await this.#useFixture(attempt, lab.current);
		if (used?.seconds !== undefined) {
			swarm.measure('fixture ready on every node', used.seconds);
		}

		attempt.notes.push(...(used?.note ? [used.note] : []));
		const {limit = limits.scenario} = this.#needs;
		await attempt.prove(limit, () => this.#prove(t, swarm, used?.parts));
	}

	async #useFixture(attempt: Attempt, current: CurrentFixture): Promise<UsedFixture<Parts> | undefined> {
		const {fixture} = this.#needs;
		return fixture && attempt.runWithLimit(limits.scenario, `“${fixture.name}” is made`, () => current.use(fixture));
	}

	/** Machines that are thrown away after it need no cleaning, and are compared with nothing. */
	async clean({cell, machines, notes}: Attempt, {isRed, hasDied}: AttemptEnd): Promise<string[]> {
		const {cluster = 'shared', fixture, modifies = false} = this.#needs;
		if (cluster !== 'shared' && cell.origin !== 'cold boot') {
			return [];
		}

		const {current, before} = this.#lab ?? {};
		return excludingStarvation(cell.machines, async () => {
			notes.push(...((await this.#swarm?.undo.run()) ?? []));
			if (fixture && (isRed || modifies)) {
				notes.push(...((await current?.remove()) ?? []));
			}

			return before && current && cluster === 'shared' && !hasDied
				? changesSince(before, () => tracesOf(machines, current.ids()))
				: [];
		});
	}
}

async function openLab({cell, assignment}: Job): Promise<Lab> {
	lab ??= (async () => {
		const machines = await connectAll(cell);
		const current = new CurrentFixture(cell, machines, assignment.fixtureFile);
		await current.sweep();
		// A node that is slow to come back from memory may miss its heartbeats; that it is Ready later is nobody's doing.
		if (machines.some(({role}) => role === 'manager')) {
			await proveReady(machines);
		}

		return {machines, current, before: await tracesOf(machines, current.ids())};
	})();
	try {
		return await lab;
	} catch (error) {
		// The next scenario may find the machine again.
		lab = undefined;
		throw error;
	}
}
