/**
 * A claim, from its announcement to its result: an AVA test that tells failed from broken, takes evidence and leaves a line in
 * the results. The steps are the same whatever is claimed; what differs are hooks.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext, TestFn, TryResult} from 'ava';
import {variable} from '../environment.ts';
import type {Probe} from '../evidence/probes.ts';
import {limits} from '../limits.ts';
import {clockRates} from '../machine/index.ts';
import type {PlannedScenario} from '../model/index.ts';
import {appendResult} from '../record/results.ts';
import {Attempt, type ClaimVerdict} from './attempt.ts';
import {announceVariable, fixtureVariable, readJob} from './cell.ts';
import {gatherOnce} from './gather.ts';
import {unexpectedDeath} from './machines.ts';
import {writeProgress} from './progress.ts';
import {judge, unlessClockIsWrong, unlessStarved} from './verdict.ts';
import {isWanted} from './wanted.ts';

const announcing = variable(announceVariable) !== undefined;
/** Only a fixture of the file is wanted. */
const makingFixture = variable(fixtureVariable) !== undefined;

// AVA refuses to be loaded outside of its own runner, where a file only announces what it claims.
const test = announcing || makingFixture ? undefined : ((await import('ava')).default as TestFn);
/** What this process is to do; undefined where nothing is proven. */
export const job = announcing || makingFixture ? undefined : readJob();

/** How an attempt ended, for the cleaning after it. */
export interface AttemptEnd {
	/** It failed or broke. */
	isRed: boolean;
	/** A machine died on its own account. */
	hasDied: boolean;
}

/** What differs between claims about one thing and another. */
export interface ClaimHooks {
	/** Seconds that all of `prove` may take. */
	limit: number;
	/** Asserts, throws, or tells the attempt what it came to. */
	prove(t: ExecutionContext, attempt: Attempt): Promise<void>;
	/** What evidence is looked for; a swarm's, unless said. */
	probes?: readonly Probe[];
	/**
	 * Undoes what was made, after evidence was taken. Returns how the machines differ for good from what the claim found: then
	 * nothing more is proven on them. Never throws.
	 */
	clean?(attempt: Attempt, ended: AttemptEnd): Promise<string[]>;
}

/** Announces or registers a claim that is well said: see `isRefusedClaim`. */
export function claim(planned: PlannedScenario, hooks: ClaimHooks): void {
	if (makingFixture) {
		return;
	}

	if (!test || !job) {
		process.stdout.write(`${JSON.stringify(planned)}\n`);
		return;
	}

	if (!isWanted(planned, job.assignment)) {
		// AVA takes a file without tests for a mistake.
		test.serial.skip(planned.title, t => t.pass());
		return;
	}

	writeProgress(job, {progress: 'announced', scenario: planned});
	test.serial(planned.title, t => attemptClaim(t, new Attempt(job, planned), hooks));
}

async function attemptClaim(t: ExecutionContext, attempt: Attempt, hooks: ClaimHooks): Promise<void> {
	const {planned, notes} = attempt;
	writeProgress(attempt, {progress: 'started', scenario: planned, limit: hooks.limit});

	// 1. Prove.
	const tried = await t.try(async tt => {
		await hooks.prove(tt, attempt);
		if (attempt.reported) {
			tt.pass();
		}
	});
	attempt.noteStarvation();

	// 2. Judge. A machine that died on its own account makes what followed ours, and so does a host without CPU for them, or a
	// wrong clock.
	const [error] = tried.errors;
	const cause = error?.cause ?? error;
	const death = error && unexpectedDeath(attempt.machines, attempt.expectedDowntime, cause);
	const came = tried.passed ? (attempt.reported ?? {verdict: 'passed' as const}) : judge(death ?? error);
	const unstarved = unlessStarved<ClaimVerdict>(came, attempt.cpuTime());
	const judged =
		unstarved.verdict === 'failed' ? unlessClockIsWrong(unstarved, await clockRates(attempt.machines)) : unstarved;

	// 3. Evidence before cleaning.
	const isRed = judged.verdict === 'failed' || judged.verdict === 'broken';
	const looked = {reason: judged.reason?.message ?? '', rows: hooks.probes};
	const gathered = isRed ? await gatherOnce(cause, attempt, planned, attempt.machines, looked) : [];

	// 4. Clean: the next one must find the machines as they were.
	const changes = (await hooks.clean?.(attempt, {isRed, hasDied: death !== undefined})) ?? [];
	notes.push(...changes.map(change => `it left the cluster other than it was: ${change}`));

	// 5. Record, then let AVA know.
	appendResult(attempt.assignment.results, attempt.result(judged, tried.logs, gathered));
	if (changes.length > 0) {
		await endProcess(attempt, changes);
	}

	writeProgress(attempt, {progress: 'ended', scenario: planned});
	conclude(t, tried, judged, notes);
}

/** The harness ends this process and goes on with a new cluster. */
async function endProcess(attempt: Attempt, changes: string[]): Promise<void> {
	writeProgress(attempt, {progress: 'soiled', scenario: attempt.planned, changes});
	await sleep(limits.processStop * 10_000);
}

/** AVA's own verdict: it knows of passed and failed only. */
function conclude(
	t: ExecutionContext,
	tried: TryResult,
	{verdict, reason}: ClaimVerdict,
	notes: readonly string[],
): void {
	for (const note of notes) {
		t.log(note);
	}

	if (verdict === 'skipped') {
		tried.discard();
		t.log(`skipped: ${reason?.message}`);
		t.pass();
	} else if (tried.passed && verdict !== 'passed') {
		tried.discard();
		t.fail(reason?.message);
	} else {
		tried.commit();
	}
}
