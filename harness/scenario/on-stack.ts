/** Claims about a stack: what they have of their own among the steps of every claim. The cloud itself is the cell's. */
import type {ExecutionContext} from 'ava';
import {stackProbes} from '../evidence/stack-probes.ts';
import type {Machine} from '../machine/index.ts';
import type {Job, PlannedScenario, Result} from '../model/index.ts';
import {claim} from './claim.ts';
import {connectAll} from './machines.ts';

/** What a claim came to, where it is not told by an assertion. */
export type PartialResult = Partial<Pick<Result, 'verdict' | 'reason' | 'seconds' | 'metrics' | 'log' | 'evidence'>>;

/** What a claim's proof is handed. */
export interface ClaimContext extends Job {
	machine: Machine;
	/** Tells what is awaited, for the people who wait. */
	onProgress(doing: string): void;
}

/** The one machine of this process's cell, in a list. */
let machines: Promise<Machine[]> | undefined;

/** Announces or registers a claim that is well said. `prove` asserts, throws, or returns what it came to. */
export function claimOnStack(
	planned: PlannedScenario,
	limit: number,
	prove: (t: ExecutionContext, given: ClaimContext) => Promise<PartialResult | undefined>,
): void {
	claim(planned, {
		limit,
		probes: stackProbes,
		async prove(t, attempt) {
			const {cell, assignment, onProgress} = attempt;
			machines ??= connectAll(cell);
			attempt.machines = await machines;
			const given = {machine: attempt.machines[0]!, cell, assignment, onProgress};
			const {verdict, reason, log = [], ...rest} = (await attempt.prove(limit, () => prove(t, given))) ?? {};
			attempt.reported = verdict && {verdict, reason};
			attempt.seconds = rest.seconds ?? attempt.seconds;
			attempt.metrics = rest.metrics ?? {};
			attempt.evidence = rest.evidence ?? [];
			attempt.notes.push(...log);
		},
	});
}
