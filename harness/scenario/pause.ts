/** Stops at a claim that did not pass, with all that it made still there, until the harness says how to go on (`run --debug`). */
import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../limits.ts';
import type {DebugAnswer, Verdict} from '../model/index.ts';
import {answerFile, type WrittenAnswer} from '../record/answer.ts';
import type {Attempt, ClaimVerdict} from './attempt.ts';
import {writeProgress} from './progress.ts';

/** Reports the stop, and waits for the answer. The harness ends this process if the run ends before. */
export async function pause(
	attempt: Attempt,
	{verdict, reason}: ClaimVerdict & {verdict: Verdict},
	evidence: readonly string[],
): Promise<DebugAnswer> {
	const file = answerFile(attempt.cell);
	fs.rmSync(file, {force: true});
	writeProgress(attempt, {
		...{progress: 'paused', scenario: attempt.planned, verdict, evidence: [...evidence]},
		...(reason && {reason}),
	});
	while (!fs.existsSync(file)) {
		await sleep(limits.pollInterval * 1000);
	}

	const {answer} = JSON.parse(fs.readFileSync(file, 'utf8')) as WrittenAnswer;
	fs.rmSync(file);
	writeProgress(attempt, {progress: 'resumed', scenario: attempt.planned});
	return answer;
}
