/** Claims about a swarm. */
import type {ExecutionContext} from 'ava';
import {NotApplicable} from '../errors.ts';
import {limits} from '../limits.ts';
import {type Machine, patiently} from '../machine/index.ts';
import type {Job, PlannedScenario} from '../model/index.ts';
import {proveReady} from '../swarm/index.ts';
import {isRefusedClaim, problemsOf} from './announced.ts';
import type {Arrangement, Part} from './arrangement.ts';
import type {Attempt} from './attempt.ts';
import {callSite} from './call-site.ts';
import {claim, type Ended, type Hooks} from './claim.ts';
import {connectAll} from './machines.ts';
import {lacking, type Needs, needsRules} from './needs.ts';
import {Standing, type Used} from './standing.ts';
import {Swarm} from './swarm.ts';
import {changesSince, tracesOf} from './traces.ts';

type Parts = Record<string, Part>;

/** The proof. `arranged` are the parts of the arrangement that was asked for. */
export type Prove<Arranged> = (t: ExecutionContext, swarm: Swarm, arranged: Arranged) => Promise<void>;

export interface ArrangedNeeds<Arranged extends Parts> extends Needs {
	arrangement: Arrangement<Arranged>;
	/** What is arranged is of no use to others afterwards. */
	spoils?: boolean;
}

let lab: Promise<Lab> | undefined;

type SomeNeeds = Needs & Partial<ArrangedNeeds<Parts>>;

interface Lab {
	machines: Machine[];
	standing: Standing;
	/** The cluster as it was before the first scenario of this process. */
	before: string[];
}

/**
 * Claims something about a swarm. `title` is a sentence that must be true; `needs` says what the cell must have.
 * An assertion (or the product not doing in time what it promises) is `failed`, trouble of the lab is `broken`.
 */
export function scenario<Arranged extends Parts>(
	title: string,
	needs: ArrangedNeeds<Arranged>,
	prove: Prove<Arranged>,
): void;
export function scenario(title: string, needs: Needs, prove: Prove<undefined>): void;
export function scenario(title: string, needs: SomeNeeds, prove: Prove<never>): void {
	const said = {title, ...callSite()};
	if (isRefusedClaim(said, problemsOf('scenario(title, needs, prove)', [title, needs, prove], needsRules))) {
		return;
	}

	const {cluster, arrangement} = needs;
	const planned: PlannedScenario = {
		...said,
		...(cluster && cluster !== 'shared' && {cluster}),
		...(arrangement && {arrangement: {name: arrangement.name, file: arrangement.source.file}}),
	};
	claim(planned, new OnSwarm(needs, prove as Prove<unknown>));
}

/** What a scenario has of its own among the steps of every claim: a swarm, what stands arranged on it, and their undoing. */
class OnSwarm implements Hooks {
	readonly limit: number;
	readonly #needs: SomeNeeds;
	readonly #prove: Prove<unknown>;
	#lab: Lab | undefined;
	#swarm: Swarm | undefined;

	constructor(needs: SomeNeeds, prove: Prove<unknown>) {
		const {limit = limits.scenario, arrangement} = needs;
		this.limit = limit + (arrangement ? limits.scenario : 0);
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
		const swarm = new Swarm(cell, lab.machines, planned.title);
		this.#lab = lab;
		this.#swarm = swarm;
		attempt.machines = lab.machines;
		attempt.mayDie = swarm.mayDie;
		attempt.metrics = swarm.metrics;
		const used = await this.#arrange(attempt, lab.standing);
		if (used?.seconds !== undefined) {
			swarm.measure('arrangement ready on every node', used.seconds);
		}

		attempt.notes.push(...(used?.note ? [used.note] : []));
		const {limit = limits.scenario} = this.#needs;
		await attempt.prove(limit, () => this.#prove(t, swarm, used?.parts));
	}

	async #arrange(attempt: Attempt, standing: Standing): Promise<Used<Parts> | undefined> {
		const {arrangement} = this.#needs;
		return (
			arrangement &&
			attempt.within(limits.scenario, `“${arrangement.name}” is arranged`, () => standing.use(arrangement))
		);
	}

	/** Machines that are thrown away after it need no cleaning, and are compared with nothing. */
	async clean({cell, machines, notes}: Attempt, {isRed, hasDied}: Ended): Promise<string[]> {
		const {cluster = 'shared', arrangement, spoils = false} = this.#needs;
		if (cluster !== 'shared' && cell.origin !== 'cold boot') {
			return [];
		}

		const {standing, before} = this.#lab ?? {};
		return patiently(cell.machines, async () => {
			notes.push(...((await this.#swarm?.undo.run()) ?? []));
			if (arrangement && (isRed || spoils)) {
				notes.push(...((await standing?.remove()) ?? []));
			}

			return before && standing && cluster === 'shared' && !hasDied
				? changesSince(before, () => tracesOf(machines, standing.ids()))
				: [];
		});
	}
}

async function openLab({cell, assignment}: Job): Promise<Lab> {
	lab ??= (async () => {
		const machines = await connectAll(cell);
		const standing = new Standing(cell, machines, assignment.standing);
		await standing.sweep();
		// A node that is slow to come back from memory may miss its heartbeats; that it is Ready later is nobody's doing.
		if (machines.some(({role}) => role === 'manager')) {
			await proveReady(machines);
		}

		return {machines, standing, before: await tracesOf(machines, standing.ids())};
	})();
	try {
		return await lab;
	} catch (error) {
		// The next scenario may find the machine again.
		lab = undefined;
		throw error;
	}
}
