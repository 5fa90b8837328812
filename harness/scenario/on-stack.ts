/** Claims about a stack: what they have of their own among the steps of every claim. The cloud itself is the cell's. */
import type {ExecutionContext} from 'ava';
import {stackProbes} from '../evidence/stack-probes.ts';
import type {Machine} from '../machine/index.ts';
import type {Job, PlannedScenario, Result} from '../model/index.ts';
import {claim} from './claim.ts';
import {connectAll} from './machines.ts';

/** What a claim came to, where it is not told by an assertion. */
export type Told = Partial<Pick<Result, 'verdict' | 'reason' | 'seconds' | 'metrics' | 'log' | 'evidence'>>;

/** What a claim's proof is handed. */
export interface Given extends Job {
	machine: Machine;
	/** Tells what is awaited, for the people who wait. */
	say(doing: string): void;
}

/** The one machine of this process's cell, in a list. */
let machines: Promise<Machine[]> | undefined;

/** Announces or registers a claim that is well said. `prove` asserts, throws, or returns what it came to. */
export function claimOnStack(
	planned: PlannedScenario,
	limit: number,
	prove: (t: ExecutionContext, given: Given) => Promise<Told | undefined>,
): void {
	claim(planned, {
		limit,
		probes: stackProbes,
		async prove(t, attempt) {
			const {cell, assignment, say} = attempt;
			machines ??= connectAll(cell);
			attempt.machines = await machines;
			const given = {machine: attempt.machines[0]!, cell, assignment, say};
			const {verdict, reason, log = [], ...told} = (await attempt.prove(limit, () => prove(t, given))) ?? {};
			attempt.told = verdict && {verdict, ...(reason && {reason})};
			attempt.seconds = told.seconds ?? attempt.seconds;
			attempt.metrics = told.metrics ?? {};
			attempt.evidence = told.evidence ?? [];
			attempt.notes.push(...log);
		},
	});
}
