/** What scenario files announce, and which of it is to be proven. */

/** A claim by its file (as in Result) and its very title, or all of a file's claims but some. */
export type Wanted = {file: string; title: string} | {file: string; but: string[]};

/**
 * Which cluster a scenario is proven on. `shared`: one that others use as well. `fresh`: its own, thrown away after it.
 * `formed`: its own, and the swarm is formed for it, of machines that were in none before.
 */
export type Isolation = 'shared' | 'fresh' | 'formed';

/** A scenario that was announced before the run, so that counts are equal between runs. */
export interface PlannedScenario {
	title: string;
	file: string;
	line?: number;
	/** `shared` unless said. */
	cluster?: Isolation;
	/**
	 * It is proven on a stack instead of a swarm: the `exercise` of that name, on stacks that have it; without a name it is
	 * about the cloud. `byRun`: whoever brings the stack up tells the result.
	 */
	stack?: {exercise?: string; byRun?: boolean};
	/** What must stand before it begins, by name and by the file that declares it (as `file`). */
	arrangement?: {name: string; file: string};
}
