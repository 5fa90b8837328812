/** `scenario()` declares a claim about a swarm. */
import type {ExecutionContext} from 'ava';
import type {PlannedScenario} from '../model/index.ts';
import {isRefusedClaim, problemsOf} from './announced.ts';
import {callSite} from './call-site.ts';
import {claim, job} from './claim.ts';
import type {Fixture, Part} from './fixture.ts';
import {type Needs, needsRules, problemsOfReproduction, reproductionOf} from './needs.ts';
import {type ArrangedNeeds, reportOldNames, withNewNames} from './old-names.ts';
import type {SomeNeeds} from './on-swarm.ts';
import type {Swarm} from './swarm.ts';

/** What proves. A process that only announces does not load it. */
const proving = job && (await import('./on-swarm.ts'));

type Parts = Record<string, Part>;

/** The proof of a claim. `made` has the parts of the fixture that the scenario needs; undefined without a fixture. */
export type Prove<Made> = (t: ExecutionContext, swarm: Swarm, made: Made) => Promise<void>;

export interface FixtureNeeds<Made extends Parts> extends Needs {
	/** The fixture whose parts the proof receives. */
	fixture: Fixture<Made>;
	/** The scenario changes its fixture, so the fixture is removed after it. */
	modifies?: boolean;
	/** @deprecated Use `modifies`. */
	spoils?: boolean;
}

/**
 * Declares a scenario about a swarm that uses a fixture. `title` is what is claimed: a sentence that must be true.
 * `needs` says what the cell must have; on a cell that lacks it, the scenario is `skipped`.
 * The verdict is `failed` if an assertion does not hold or the product does not do in time what it promises.
 * Trouble of the lab is `broken`.
 */
export function scenario<Made extends Parts>(title: string, needs: FixtureNeeds<Made>, prove: Prove<Made>): void;
/** @deprecated Use the needs `fixture` and `modifies` instead of `arrangement` and `spoils`. */
export function scenario<Made extends Parts>(title: string, needs: ArrangedNeeds<Made>, prove: Prove<Made>): void;
/**
 * Declares a scenario about a swarm. `title` is what is claimed: a sentence that must be true.
 * `needs` says what the cell must have; on a cell that lacks it, the scenario is `skipped`.
 * The verdict is `failed` if an assertion does not hold or the product does not do in time what it promises.
 * Trouble of the lab is `broken`.
 */
export function scenario(title: string, needs: Needs, prove: Prove<undefined>): void;
export function scenario(title: string, written: Needs, prove: Prove<never>): void {
	const said = {title, ...callSite()};
	const {needs, used} = withNewNames(written);
	reportOldNames(used, said);
	const problems = problemsOf('scenario(title, needs, prove)', [title, needs, prove], needsRules);
	const wrong = problems.length > 0 ? problems : problemsOfReproduction(needs as Needs);
	if (isRefusedClaim(said, wrong)) {
		return;
	}

	const asked = needs as SomeNeeds;
	// What steps leave behind nobody removes.
	const known: SomeNeeds = asked.steps && !asked.cluster ? {...asked, cluster: 'fresh'} : asked;
	const {cluster, fixture, init, tags = []} = known;
	const reproduction = reproductionOf(known as Needs);
	const planned: PlannedScenario = {
		...said,
		...(tags.length > 0 && {tags}),
		...(cluster && cluster !== 'shared' && {cluster}),
		...(init && {cluster: 'new' as const, init}),
		...(reproduction && {reproduction}),
		...(fixture && {fixture: {name: fixture.name, file: fixture.source.file}}),
	};
	claim(planned, () => new proving!.OnSwarm(known, prove as Prove<unknown>));
}
