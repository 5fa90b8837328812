/** Answers scenario processes that stopped at a claim (`run --debug`): one at a time, as one person answers. */
import type {CellHandle, DebugAnswer, PlannedScenario, Reason, Verdict} from '../model/index.ts';
import {answerFile, type WrittenAnswer} from '../record/answer.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {RunContext} from './context.ts';
import type {PausedClaim} from './process/scenario-run.ts';

/** A claim that did not pass, and its swarm, as it is. */
export interface DebugStop {
	handle: CellHandle;
	scenario: PlannedScenario;
	verdict: Verdict;
	reason?: Reason;
	/** Files, relative to the run folder. */
	evidence: readonly string[];
	/** Aborted when the run ends. */
	signal: AbortSignal;
	/** Ends the run in order, as Ctrl-C does. */
	end(): void;
}

/** Asks the person what to do. */
export type AskAtStop = (stop: DebugStop) => Promise<DebugAnswer>;

/** Asks, in turn, and gives the answer to the process that waits. If asking fails, the run goes on. Never throws. */
export async function answerStop(
	{debug, stops, signal, end}: Pick<RunContext, 'debug' | 'stops' | 'signal' | 'end'>,
	handle: CellHandle,
	{scenario: {title, file, line}, verdict, reason, evidence}: PausedClaim,
): Promise<void> {
	const scenario = {title, file, ...(line !== undefined && {line})};
	const stop = {handle, scenario, verdict, evidence, signal, end: () => end('SIGINT'), ...(reason && {reason})};
	const ask = async () => (signal.aborted ? undefined : debug?.(stop));
	const answer = await stops(ask).catch(() => undefined);
	if (!signal.aborted) {
		const written: WrittenAnswer = {answer: answer ?? 'go on'};
		writeAtomically(answerFile(handle), JSON.stringify(written));
	}
}
