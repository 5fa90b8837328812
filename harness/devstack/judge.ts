/** Judges an exercise by its block, the summary and the results that we expect. Pure. */
import type {Reason, Verdict} from '../model/index.ts';
import type {Block, ExerciseLog, Outcome} from './exercise-log.ts';

/** The results that we expect of the exercises of some stacks. An exercise that is not named must pass. */
export interface Expected {
	/** These may be skipped (exit 55): the service that they need is not part of this cloud. */
	maySkip?: readonly string[];
	/** These fail at present. The value is the reason. */
	knownToFail?: Readonly<Record<string, string>>;
}

export interface ExerciseOutput {
	log: ExerciseLog;
	/** Exit code of exercise.sh; undefined if it was ended. */
	exitCode: number | undefined;
	/** Why it was ended, if we ended it. */
	ended?: string;
}

export interface ExerciseVerdict {
	verdict: Verdict;
	reason?: Reason;
	seconds: number;
}

/** Exercises that pass without testing anything when no service is enabled. */
const asksServices = ['client-args', 'client-env'];

/**
 * Returns the verdict on one exercise. An exercise that ran is `failed` only by its own output. If block, summary and exit code
 * contradict each other, it is `broken`.
 */
export function judgeExercise(name: string, run: ExerciseOutput, expected: Expected = {}): ExerciseVerdict {
	const {log, exitCode} = run;
	const block = log.blocks.find(each => each.name === name);
	const seconds = block?.seconds ?? 0;
	const outcome = log.summary?.[name];
	const broken = (message: string) => judged('broken', 'ExerciseRunError', message, block, seconds);
	if (!log.summary) {
		return withoutSummary(block, run, seconds);
	}

	if (!outcome) {
		return broken(
			block
				? 'it ran, and the summary does not name it'
				: 'exercise.sh did not run it: the tree has no such exercise, or it was not asked for',
		);
	}

	const contradiction = contradictionOf(outcome, block, log, exitCode);
	if (contradiction) {
		return broken(contradiction);
	}

	const known = expected.knownToFail?.[name];
	switch (outcome) {
		case 'PASS':
			if (asksServices.includes(name) && !Object.values(block!.services).includes('Succeeded')) {
				return broken('it passed without asking a single service: none is enabled, so nothing was tested');
			}

			return known === undefined
				? {verdict: 'passed', seconds}
				: judged(
						'failed',
						'UnexpectedPass',
						`it passes, and is listed as known to fail (${known}): take it off the list`,
						block,
						seconds,
					);
		case 'SKIP': {
			const why = block ? 'exit 55' : 'named in SKIP_EXERCISES';
			return !block || expected.maySkip?.includes(name)
				? judged('skipped', 'ExerciseSkipped', why, block, seconds)
				: judged('failed', 'ExerciseSkipped', `it was skipped (${why}), and on this stack it must run`, block, seconds);
		}

		default: {
			const words = block!.error ?? wordsOfServices(block!) ?? 'it ended with an error and did not say why';
			return known === undefined
				? judged('failed', 'ExerciseFailed', words, block, seconds)
				: judged('skipped', 'KnownToFail', `known to fail (${known}): ${words}`, block, seconds);
		}
	}
}

/**
 * Judges a run of exercise.sh that did not reach its end: the exercise that was running is broken, those that it did not reach
 * are skipped.
 */
function withoutSummary(block: Block | undefined, {exitCode, ended}: ExerciseOutput, seconds: number): ExerciseVerdict {
	const how =
		ended ??
		(exitCode === undefined ? 'exercise.sh was ended' : `exercise.sh ended with ${exitCode}, without a summary`);
	if (!block) {
		return judged('skipped', 'NotReached', `not reached: ${how}`, block, seconds);
	}

	if (block.ended && block.error) {
		return judged('failed', 'ExerciseFailed', block.error, block, seconds);
	}

	const message = block.ended ? `${how}: how this one came out is not known` : `${how}, in the middle of it`;
	return judged('broken', 'ExerciseRunError', message, block, seconds);
}

function contradictionOf(
	outcome: Outcome,
	block: Block | undefined,
	{summary}: ExerciseLog,
	exitCode: number | undefined,
): string | undefined {
	const failed = Object.values(summary!).includes('FAILED');
	if (!block) {
		return outcome === 'SKIP' ? undefined : `the summary says ${outcome}, and it never ran`;
	}

	if (outcome === 'PASS' && (block.error || Object.values(block.services).includes('Failed'))) {
		return `the summary says PASS, and its block: ${block.error ?? wordsOfServices(block)}`;
	}

	if (outcome === 'PASS' && !block.saysSuccess) {
		return 'the summary says PASS, and its block does not come to its end';
	}

	if (outcome !== 'PASS' && block.saysSuccess) {
		return `the summary says ${outcome}, and its block comes to its end`;
	}

	if (exitCode !== undefined && failed !== (exitCode !== 0)) {
		return `exercise.sh ended with ${exitCode}, and its summary names ${failed ? 'failed exercises' : 'no failed exercise'}`;
	}

	return undefined;
}

function wordsOfServices({services}: Block): string | undefined {
	const failed = Object.entries(services).filter(([, outcome]) => outcome === 'Failed');
	return failed.length > 0 ? `failed: ${failed.map(([name]) => name).join(', ')}` : undefined;
}

function judged(
	verdict: Exclude<Verdict, 'passed'>,
	type: string,
	message: string,
	block: Block | undefined,
	seconds: number,
): ExerciseVerdict {
	return {verdict, seconds, reason: {message, type, details: [message, '', ...(block?.tail ?? [])].join('\n').trim()}};
}
