/**
 * Announces a claim, or registers it with AVA. A process that only announces loads nothing of what proves: that would take
 * most of its time.
 */
import type {TestFn} from 'ava';
import {variable} from '../environment.ts';
import type {Job, PlannedScenario} from '../model/index.ts';
import type {ClaimHooks} from './attempt-claim.ts';
import {announceVariable, fixtureVariable, readJob} from './cell.ts';
import {writeProgress} from './progress.ts';
import {isWanted} from './wanted.ts';

const announcing = variable(announceVariable) !== undefined;
/** This process only makes a fixture of the file. */
const makingFixture = variable(fixtureVariable) !== undefined;

/** The cell and the assignment of this process; undefined when no scenario runs. */
export const job: Job | undefined = announcing || makingFixture ? undefined : readJob();

// AVA can be loaded only in its own runner, which does not run a file that only announces or makes a fixture.
const runner = job && {
	test: (await import('ava')).default as TestFn,
	...(await import('./attempt.ts')),
	...(await import('./attempt-claim.ts')),
};

/** Announces a claim, or registers it with AVA. The caller has checked it with `isRefusedClaim`. */
export function claim(planned: PlannedScenario, hooks: () => ClaimHooks): void {
	if (makingFixture) {
		return;
	}

	if (!runner || !job) {
		process.stdout.write(`${JSON.stringify(planned)}\n`);
		return;
	}

	const {test, Attempt, attemptClaim} = runner;
	if (!isWanted(planned, job.assignment)) {
		// AVA reports a file without tests as an error.
		test.serial.skip(planned.title, t => t.pass());
		return;
	}

	writeProgress(job, {progress: 'announced', scenario: planned});
	test.serial(planned.title, t => attemptClaim(t, new Attempt(job, planned), hooks()));
}
