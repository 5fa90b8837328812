/**
 * DevStack's exercises as claims, one each. exercise.sh runs all of them in one go, and says only at its end how each came
 * out; so the first claim waits for it, and the others look at the same run.
 */
import path from 'node:path';
import {allExercises, type Exercised, type Expected, judgeExercise, kinds, runExercises} from '../devstack/index.ts';
import {limits} from '../limits.ts';
import type {Stack} from '../model/index.ts';
import {callSite} from './call-site.ts';
import {runFolder} from './cell.ts';
import {cellFile, claim, type Given} from './on-stack.ts';
import {isWanted} from './wanted.ts';

/** What is expected on which stacks: of the rows that fit, the first counts. */
export interface Expectation extends Expected {
	kind?: Stack['kind'];
	/** Releases. */
	revisions?: readonly string[];
}

/** Claims that stack.sh completes, and of each exercise of the stack's tree that it passes or does as expected. */
export function exercises(expectations: readonly Expectation[] = []): void {
	const place = callSite();
	const {stack} = cellFile?.cell ?? {};
	if (!cellFile) {
		claim({title: 'stack.sh completes', ...place, stack: {byRun: true}}, 0, async () => undefined);
	}

	// Which stacks there will be is not known when a file announces: it names all, and the cell takes its own.
	const names = stack?.exercises ?? [
		...new Set([...allExercises, ...Object.values(kinds).flatMap(each => each.exercises ?? [])]),
	];
	const expected = stack && expectations.find(row => fits(row, stack));
	const wanted = names.filter(name => !cellFile || isWanted({file: place.file, title: name}, cellFile));
	const limit = limits.exercise * Math.max(1, wanted.length);
	let running: Promise<Exercised> | undefined;
	for (const name of names) {
		claim({title: name, ...place, stack: {exercise: name}}, limit, async (_, given) => {
			const log = path.join(
				given.cell.folder,
				`exercise.sh${given.cell.repetition === 1 ? '' : `.${given.cell.repetition}`}.log`,
			);
			running ??= runAll(given, names, wanted, log);
			const judged = judgeExercise(name, await running, expected);
			return {...judged, evidence: [path.relative(runFolder(given.cell), log)]};
		});
	}
}

async function runAll(
	{machine, say}: Given,
	names: readonly string[],
	wanted: readonly string[],
	log: string,
): Promise<Exercised> {
	return runExercises({machine, exercises: names, ...(wanted.length < names.length && {only: wanted}), log, say});
}

function fits({kind, revisions}: Expectation, stack: Stack): boolean {
	return (kind === undefined || kind === stack.kind) && (revisions === undefined || revisions.includes(stack.revision));
}
