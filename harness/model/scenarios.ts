/** What scenario files announce, and which of these scenarios to prove. */
import type {Reproduction} from './expectations.ts';
import type {SwarmOptions} from './variant.ts';

/** What identifies a scenario: its file (as in Result) and its exact title. */
export interface Claim {
	file: string;
	title: string;
}

/**
 * Returns the identity of a scenario, for comparisons and lookups. Two files may claim the same title and are two scenarios.
 * A title has one line, so no two scenarios have the same identity. Do not change its form: the order of a seed is computed
 * from it.
 */
export function scenarioId({file, title}: Claim): string {
	return `${file}\n${title}`;
}

/** One claim, or all claims of a file except those with the titles in `but`. */
export type Wanted = Claim | {file: string; but: string[]};

/**
 * Which cluster a scenario is proven on. `shared`: other scenarios use it, too. `fresh`: its own, removed after it. `new`:
 * its own, and the swarm is formed for it from machines that were in no swarm before.
 */
export type Isolation = 'shared' | 'fresh' | 'new';

/** A scenario that was announced before the run, so that counts are equal between runs. */
export interface PlannedScenario extends Claim {
	line?: number;
	/** Words by which it is chosen; absent: none. */
	tags?: readonly string[];
	/** Default: `shared`. */
	cluster?: Isolation;
	/** The swarm is formed with these options, for this scenario only. */
	init?: SwarmOptions;
	/**
	 * The scenario is proven on a stack instead of a swarm: on stacks that have the `exercise`; without `exercise` it is about
	 * the cloud. `byRun`: the run that brings the stack up reports the result.
	 */
	stack?: {exercise?: string; byRun?: boolean};
	/** Present: it reproduces a public report. */
	reproduction?: Reproduction;
	/** The fixture that must exist before the scenario begins, by its name and the file that declares it (as `file`). */
	fixture?: {name: string; file: string};
}
