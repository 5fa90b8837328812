/** What scenario files announce, and which of these scenarios to prove. */

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

/** One claim, or all of a file's claims but some, by their titles. */
export type Wanted = Claim | {file: string; but: string[]};

/**
 * Which cluster a scenario is proven on. `shared`: one that others use as well. `fresh`: its own, thrown away after it.
 * `new`: its own, and the swarm is formed for it, of machines that were in none before.
 */
export type Isolation = 'shared' | 'fresh' | 'new';

/** A scenario that was announced before the run, so that counts are equal between runs. */
export interface PlannedScenario extends Claim {
	line?: number;
	/** `shared` unless said. */
	cluster?: Isolation;
	/**
	 * It is proven on a stack instead of a swarm: the `exercise` of that name, on stacks that have it; without a name it is
	 * about the cloud. `byRun`: whoever brings the stack up tells the result.
	 */
	stack?: {exercise?: string; byRun?: boolean};
	/** What must stand before it begins, by name and by the file that declares it (as `file`). */
	fixture?: {name: string; file: string};
}
