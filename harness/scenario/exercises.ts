/**
 * DevStack's exercises as claims, one claim for each. exercise.sh runs all of them at once and reports their outcomes only at
 * its end. So the first claim runs it and waits, and the other claims use the same run.
 */
import path from 'node:path';
import {
	allExercises,
	type ExerciseOutput,
	type Expected,
	judgeExercise,
	kinds,
	runExercises,
} from '../devstack/index.ts';
import {limits} from '../limits.ts';
import {type Stack, stackOf} from '../model/index.ts';
import {isRefusedClaim} from './announced.ts';
import {callSite} from './call-site.ts';
import {runFolder, unused} from './cell.ts';
import {job} from './claim.ts';
import {type ClaimContext, claimOnStack} from './on-stack.ts';
import {isWanted} from './wanted.ts';

/** Outcomes that are expected on some stacks. The first row that matches a stack counts. */
export interface Expectation extends Expected {
	kind?: Stack['kind'];
	/** Releases of DevStack. */
	revisions?: readonly string[];
}

/**
 * Declares a claim that stack.sh completes, and one for each exercise of the stack's DevStack tree: that it passes, or ends as
 * `expectations` says.
 */
export function exercises(expectations: readonly Expectation[] = []): void {
	const place = callSite();
	const stack = job && stackOf(job.cell.cell);
	if (!job) {
		claimOne({title: 'stack.sh completes', ...place, stack: {byRun: true}}, 0, async () => undefined);
	}

	// When a file announces, the stacks are not known yet: it announces all exercises, and each cell takes its own.
	const names = stack?.exercises ?? [
		...new Set([...allExercises, ...Object.values(kinds).flatMap(each => each.exercises ?? [])]),
	];
	const expected = stack && expectations.find(row => fits(row, stack));
	const wanted = names.filter(name => !job || isWanted({file: place.file, title: name}, job.assignment));
	const limit = limits.exercise * Math.max(1, wanted.length);
	let running: ReturnType<typeof runAll> | undefined;
	for (const name of names) {
		claimOne({title: name, ...place, stack: {exercise: name}}, limit, async (_, given) => {
			running ??= runAll(given, names, wanted);
			const {exercised, evidence} = await running;
			return {...judgeExercise(name, exercised, expected), evidence};
		});
	}
}

function claimOne(...[planned, limit, prove]: Parameters<typeof claimOnStack>): void {
	if (!isRefusedClaim(planned)) {
		claimOnStack(planned, limit, prove);
	}
}

async function runAll(
	{machine, cell, assignment: {repetition}, onProgress}: ClaimContext,
	names: readonly string[],
	wanted: readonly string[],
): Promise<{exercised: ExerciseOutput; evidence: string[]}> {
	const again = repetition === 1 ? '' : `.${repetition}`;
	const log = unused(path.join(cell.folder, `exercise.sh${again}.log`));
	const only = wanted.length < names.length && {only: wanted};
	const exercised = await runExercises({machine, exercises: names, ...only, log, onProgress});
	return {exercised, evidence: [path.relative(runFolder(cell), log)]};
}

function fits({kind, revisions}: Expectation, stack: Stack): boolean {
	return (kind === undefined || kind === stack.kind) && (revisions === undefined || revisions.includes(stack.revision));
}
