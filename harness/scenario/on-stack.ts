/** Claims about a stack: as `scenario` is for swarms. Announced, proven, recorded; the cloud itself is the cell's. */
import type {ExecutionContext, TestFn} from 'ava';
import {variable} from '../environment.ts';
import {stackProbes} from '../evidence/stack-probes.ts';
import {type Machine, watchStarvation} from '../machine/index.ts';
import type {CellFile, PlannedScenario, Result} from '../model/index.ts';
import {appendResult} from '../record/results.ts';
import {isRefused, problemsOfTitle} from './announced.ts';
import {announceVariable, arrangeVariable, readCell} from './cell.ts';
import {gather} from './gather.ts';
import {withLimit} from './limit.ts';
import {connectAll, unexpectedDeath} from './machines.ts';
import {tell} from './progress.ts';
import {judge} from './verdict.ts';
import {isWanted} from './wanted.ts';

const announcing = variable(announceVariable) !== undefined;
const arranging = variable(arrangeVariable) !== undefined;

// AVA refuses to be loaded outside of its own runner, where a file only announces what it claims.
const test = announcing || arranging ? undefined : ((await import('ava')).default as TestFn);
/** The cell of this process; undefined where a file only announces. */
export const cellFile = announcing || arranging ? undefined : readCell();
let machine: Promise<Machine> | undefined;

/** What a claim came to, where it is not told by an assertion. */
export type Told = Partial<Pick<Result, 'verdict' | 'reason' | 'seconds' | 'metrics' | 'log' | 'evidence'>>;

/** What a claim's proof is handed. */
export interface Given {
	machine: Machine;
	cell: CellFile;
	/** Tells what is awaited, for the people who wait. */
	say(doing: string): void;
}

/** Announces or registers a claim. `prove` asserts, throws, or returns what it came to. */
export function claim(
	planned: PlannedScenario,
	limit: number,
	prove: (t: ExecutionContext, given: Given) => Promise<Told | undefined>,
): void {
	if (arranging || isRefused(planned, problemsOfTitle(planned))) {
		return;
	}

	if (!test || !cellFile) {
		process.stdout.write(`${JSON.stringify(planned)}\n`);
		return;
	}

	if (!isWanted(planned, cellFile)) {
		// AVA takes a file without tests for a mistake.
		test.serial.skip(planned.title, t => t.pass());
		return;
	}

	tell(cellFile, {progress: 'announced', scenario: planned});
	test.serial(planned.title, t => attempt(t, cellFile, planned, limit, prove));
}

async function attempt(
	t: ExecutionContext,
	cell: CellFile,
	planned: PlannedScenario,
	limit: number,
	prove: (t: ExecutionContext, given: Given) => Promise<Told | undefined>,
): Promise<void> {
	const starved = watchStarvation(cell.machines);
	const say = (until: string) => tell(cell, {progress: 'waiting', scenario: planned, until});
	const startedAt = new Date().toISOString();
	const start = performance.now();
	let told: Told = {};

	// 1. Prove.
	tell(cell, {progress: 'started', scenario: planned, limit});
	const tried = await t.try(async tt => {
		machine ??= connectAll(cell).then(([only]) => only!);
		const connected = await machine;
		const given = {machine: connected, cell, say};
		told = (await withLimit(limit, 'it is proven', () => prove(tt, given), {starved, onWait: say})) ?? {};
		if (told.verdict) {
			tt.pass();
		}
	});

	// 2. Judge.
	const [error] = tried.errors;
	const machines = machine ? await machine.then(each => [each]).catch(() => []) : [];
	const death = error && unexpectedDeath(machines, new Set(), error.cause ?? error);
	const judgement = tried.passed ? {verdict: 'passed' as const, ...told} : judge(death ?? error);

	// 3. Evidence.
	const red = judgement.verdict === 'failed' || judgement.verdict === 'broken';
	const gathered = red
		? await gather(cell, planned, machines, {reason: judgement.reason?.message ?? '', rows: stackProbes})
		: [];

	// 4. Record, then let AVA know.
	appendResult(cell.results, {
		...{cell: cell.cell.id, title: planned.title, file: planned.file, ...(planned.line && {line: planned.line})},
		...{origin: cell.origin, repetition: cell.repetition, startedAt},
		verdict: judgement.verdict,
		...(judgement.reason && {reason: judgement.reason}),
		seconds: told.seconds ?? (performance.now() - start) / 1000,
		metrics: told.metrics ?? {},
		evidence: [...(told.evidence ?? []), ...gathered],
		log: [...tried.logs, ...(told.log ?? [])],
	});
	tell(cell, {progress: 'ended', scenario: planned});
	if (judgement.verdict === 'skipped') {
		tried.discard();
		t.log(`skipped: ${judgement.reason?.message}`);
		t.pass();
	} else if (tried.passed && red) {
		tried.discard();
		t.fail(judgement.reason?.message);
	} else {
		tried.commit();
	}
}
