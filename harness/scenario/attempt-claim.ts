/**
 * The steps of a claim that runs: an AVA test that separates failed from broken, takes evidence and appends a line to the
 * results. The steps are the same for every claim; hooks hold what differs.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext, TryResult} from 'ava';
import type {Probe} from '../evidence/probe.ts';
import {limits} from '../limits.ts';
import {clockRates} from '../machine/index.ts';
import {type Disagreement, scenarioId} from '../model/index.ts';
import {appendResult} from '../record/results.ts';
import {Attempt, type ClaimVerdict} from './attempt.ts';
import {faultsByHand} from './faults-by-hand.ts';
import {type Gathered, gatherOnce} from './gather.ts';
import {unexpectedDeath} from './machines.ts';
import {pause} from './pause.ts';
import {writeProgress} from './progress.ts';
import {judge, unlessClockIsWrong, unlessNoRoom, unlessStarved} from './verdict.ts';

const noEvidence: Gathered = {files: []};

/** How an attempt ended; `clean` receives it. */
export interface AttemptEnd {
	/** The verdict is failed or broken. */
	isRed: boolean;
	/** A machine ended that the scenario did not take down. */
	hasDied: boolean;
}

/** The parts that differ between a claim about a swarm and a claim about a stack. */
export interface ClaimHooks {
	/** Seconds that all of `prove` may take. */
	limit: number;
	/** Asserts, throws, or sets `attempt.reported`. */
	prove(t: ExecutionContext, attempt: Attempt): Promise<void>;
	/** Probes that are run for evidence; a swarm's probes by default. */
	probes?: readonly Probe[];
	/** Returns what nodes have other than the managers report. Asked for if the claim holds, before `clean`. Never throws. */
	disagreements?(attempt: Attempt): Promise<Disagreement[]>;
	/**
	 * Removes what the claim made, after evidence was taken. Returns the changes of the machines that remain, one text each: if
	 * there are any, no other scenario runs on these machines. Never throws.
	 */
	clean?(attempt: Attempt, ended: AttemptEnd): Promise<string[]>;
}

/** Proves a claim, judges it, and records the result. */
export async function attemptClaim(t: ExecutionContext, attempt: Attempt, hooks: ClaimHooks): Promise<void> {
	const {planned, notes} = attempt;
	writeProgress(attempt, {progress: 'started', scenario: planned, limit: hooks.limit});

	// 1. Prove.
	const where = {lan: attempt.cell.lan, folder: attempt.assignment.upFolder ?? attempt.cell.folder};
	attempt.faultsByHand = await faultsByHand(where);
	const tried = await t.try(async tt => {
		await hooks.prove(tt, attempt);
		if (attempt.reported) {
			tt.pass();
		}
	});
	const starved = attempt.endCpuWatch();

	// 2. Judge. The lab is to blame when a machine ended unexpectedly, when the host had no CPU for the machines, when a node had
	// no room, or when a clock is wrong.
	const [error] = tried.errors;
	const cause = error?.cause ?? error;
	const death = error && unexpectedDeath(attempt.machines, attempt.expectedDowntime, cause);
	const came = tried.passed ? (attempt.reported ?? {verdict: 'passed' as const}) : judge(death ?? error);
	const unstarved = unlessNoRoom(unlessStarved<ClaimVerdict>(came, starved), attempt.allFaults);
	const judged =
		unstarved.verdict === 'failed' ? unlessClockIsWrong(unstarved, await clockRates(attempt.machines)) : unstarved;

	attempt.faultsByHand = await faultsByHand(where, attempt.faultsByHand);

	// 3. Evidence before cleaning; then a person may look.
	const isRed = judged.verdict === 'failed' || judged.verdict === 'broken';
	const looked = {
		reason: judged.reason?.message ?? judged.verdict,
		rows: hooks.probes,
		asks: attempt.asks,
		since: Date.parse(attempt.startedAt) / 1000,
	};
	const {withoutEvidence, evidenceOfPassed} = attempt.assignment;
	const wanted = isRed ? !withoutEvidence : judged.verdict === 'passed' && evidenceOfPassed;
	const {files, diagnosis} = wanted ? await gatherOnce(cause, attempt, planned, attempt.machines, looked) : noEvidence;
	const told = judged.reason && diagnosis ? {...judged, reason: {...judged.reason, diagnosis}} : judged;

	const answer = isRed && attempt.assignment.debug ? await pause(attempt, told, files) : 'go on';

	// 4. Do the nodes agree? The verdict stays as it is: the claim is another one. A red claim's evidence has told already.
	if (judged.verdict === 'passed') {
		attempt.disagreements = [
			...((await hooks.disagreements?.(attempt)) ?? []),
			...attempt.kernelTroubles(attempt.isStarved),
		];
	}

	// 5. Clean: the next scenario must find the machines as they were.
	const stays =
		isRed &&
		answer !== 'retry' &&
		attempt.assignment.staysIfRed?.some(each => scenarioId(each) === scenarioId(planned));
	const changes = stays ? [] : ((await hooks.clean?.(attempt, {isRed, hasDied: death !== undefined})) ?? []);
	notes.push(...changes.map(change => `it changed the cluster: ${change}`));

	if (answer === 'retry' && changes.length === 0) {
		tried.discard();
		const next = new Attempt(attempt, planned);
		next.notes.push(
			...notes,
			`it was tried again at the prompt: it was ${judged.verdict}: ${judged.reason?.message ?? ''}`,
		);
		return attemptClaim(t, next, hooks);
	}

	// 6. Record, then report to AVA.
	appendResult(attempt.assignment.results, attempt.result(told, tried.logs, files));
	if (stays || changes.length > 0) {
		await endProcess(attempt, changes, stays);
	}

	writeProgress(attempt, {progress: 'ended', scenario: planned});
	conclude(t, tried, judged, notes);
}

/** Reports the changes and waits: the harness ends this process and continues with a new cluster. */
async function endProcess(attempt: Attempt, changes: string[], stays = false): Promise<void> {
	writeProgress(attempt, {progress: 'dirty', scenario: attempt.planned, changes, ...(stays && {stays})});
	await sleep(limits.processStop * 10_000);
}

/** Sets AVA's own verdict; AVA has only passed and failed. */
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
