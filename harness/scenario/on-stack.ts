/** Claims about a stack: the hooks that differ from other claims. The cloud belongs to the cell, not to a claim. */
import type {ExecutionContext} from 'ava';
import type {Machine} from '../machine/index.ts';
import type {Job, PlannedScenario, Result} from '../model/index.ts';
import {claim, job} from './claim.ts';

/** What proves. A process that only announces does not load it. */
const proving = job && {...(await import('./machines.ts')), ...(await import('../evidence/stack-probes.ts'))};

/** The parts of a result that a proof returns, where no assertion decides them. */
export type PartialResult = Partial<Pick<Result, 'verdict' | 'reason' | 'seconds' | 'metrics' | 'log' | 'evidence'>>;

/** What a proof receives. */
export interface ClaimContext extends Job {
	machine: Machine;
	/** Reports what is awaited, for the progress display. */
	onProgress(doing: string): void;
}

/** The one machine of this process's cell, in a list. */
let machines: Promise<Machine[]> | undefined;

/** Announces or registers a claim that `isRefusedClaim` has checked. `prove` asserts, throws, or returns parts of the result. */
export function claimOnStack(
	planned: PlannedScenario,
	limit: number,
	prove: (t: ExecutionContext, given: ClaimContext) => Promise<PartialResult | undefined>,
): void {
	claim(planned, () => ({
		limit,
		probes: proving!.stackProbes,
		async prove(t, attempt) {
			const {cell, assignment, onProgress} = attempt;
			machines ??= proving!.connectAll(cell);
			attempt.machines = await machines;
			const given = {machine: attempt.machines[0]!, cell, assignment, onProgress};
			const {verdict, reason, log = [], ...rest} = (await attempt.prove(limit, () => prove(t, given))) ?? {};
			attempt.reported = verdict && {verdict, reason};
			attempt.seconds = rest.seconds ?? attempt.seconds;
			attempt.metrics = rest.metrics ?? {};
			attempt.evidence = rest.evidence ?? [];
			attempt.notes.push(...log);
		},
	}));
}
