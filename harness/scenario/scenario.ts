/** One claim about a swarm: an AVA test that tells failed from broken, takes evidence and leaves a line in the results. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext, TestFn} from 'ava';
import {variable} from '../environment.ts';
import {NotApplicable} from '../errors.ts';
import {limits} from '../limits.ts';
import {type Machine, patiently, watchStarvation} from '../machine/index.ts';
import type {CellFile, PlannedScenario, Reason, Result, Verdict} from '../model/index.ts';
import {appendResult} from '../record/results.ts';
import {proveReady} from '../swarm/index.ts';
import {isRefused, problemsOf, problemsOfTitle} from './announced.ts';
import type {Arrangement, Part} from './arrangement.ts';
import {callSite} from './call-site.ts';
import {announceVariable, arrangeVariable, readCell} from './cell.ts';
import {gather} from './gather.ts';
import {withLimit} from './limit.ts';
import {connectAll, unexpectedDeath} from './machines.ts';
import {lacking, type Needs, needsRules} from './needs.ts';
import {tell} from './progress.ts';
import {Standing} from './standing.ts';
import {Swarm} from './swarm.ts';
import {changesSince, tracesOf} from './traces.ts';
import {judge} from './verdict.ts';
import {isWanted} from './wanted.ts';

type Parts = Record<string, Part>;

/** The proof. `arranged` are the parts of the arrangement that was asked for. */
export type Prove<Arranged> = (t: ExecutionContext, swarm: Swarm, arranged: Arranged) => Promise<void>;

export interface ArrangedNeeds<Arranged extends Parts> extends Needs {
	arrangement: Arrangement<Arranged>;
	/** What is arranged is of no use to others afterwards. */
	spoils?: boolean;
}

const announcing = variable(announceVariable) !== undefined;
/** Only what it declares as arrangements is wanted of a file. */
const arranging = variable(arrangeVariable) !== undefined;

// AVA refuses to be loaded outside of its own runner, where a file only announces what it claims.
const test = announcing || arranging ? undefined : ((await import('ava')).default as TestFn);
const cellFile = announcing || arranging ? undefined : readCell();
let lab: Promise<Lab> | undefined;

interface Lab {
	machines: Machine[];
	standing: Standing;
	/** The cluster as it was before the first scenario of this process. */
	before: string[];
}

/**
 * Claims something about a swarm. `title` is a sentence that must be true; `needs` says what the cell must have.
 * An assertion (or the product not doing in time what it promises) is `failed`, trouble of the lab is `broken`.
 */
export function scenario<Arranged extends Parts>(
	title: string,
	needs: ArrangedNeeds<Arranged>,
	prove: Prove<Arranged>,
): void;
export function scenario(title: string, needs: Needs, prove: Prove<undefined>): void;
export function scenario(title: string, needs: Needs & Partial<ArrangedNeeds<Parts>>, prove: Prove<never>): void {
	const place = callSite();
	const problems = problemsOf('scenario(title, needs, prove)', [title, needs, prove], needsRules);
	if (isRefused(place, [...problems, ...problemsOfTitle({title, ...place})])) {
		return;
	}

	const planned: PlannedScenario = {
		title,
		...place,
		...(needs.cluster && needs.cluster !== 'shared' && {cluster: needs.cluster}),
		...(needs.arrangement && {arrangement: {name: needs.arrangement.name, file: needs.arrangement.source.file}}),
	};
	if (arranging) {
		return;
	}

	if (!test || !cellFile) {
		process.stdout.write(`${JSON.stringify(planned)}\n`);
		return;
	}

	if (!isWanted(planned, cellFile)) {
		// AVA takes a file without tests for a mistake.
		test.serial.skip(title, t => t.pass());
		return;
	}

	tell(cellFile, {progress: 'announced', scenario: planned});
	test.serial(title, t => attempt(t, cellFile, planned, needs, prove as Prove<unknown>));
}

/** Seconds without a CPU that are worth telling. */
const noticeable = 10;

async function attempt(
	t: ExecutionContext,
	cell: CellFile,
	planned: PlannedScenario,
	needs: Needs & Partial<ArrangedNeeds<Parts>>,
	prove: Prove<unknown>,
): Promise<void> {
	const {limit = limits.scenario, arrangement, spoils = false} = needs;
	const starved = watchStarvation(cell.machines);
	const options = {starved, onWait: (until: string) => tell(cell, {progress: 'waiting', scenario: planned, until})};
	const startedAt = new Date().toISOString();
	const notes: string[] = [];
	let machines: readonly Machine[] = [];
	let before: string[] | undefined;
	let swarm: Swarm | undefined;
	let standing: Standing | undefined;
	let start = performance.now();
	let seconds = 0;

	// 1. Prove. What it needs from others is made first, on nobody's account.
	tell(cell, {progress: 'started', scenario: planned, limit: limit + (arrangement ? limits.scenario : 0)});
	const tried = await t.try(async tt => {
		const lack = lacking(cell.cell, needs);
		if (lack) {
			tt.pass();
			throw new NotApplicable(lack);
		}

		const opened = await openLab(cell);
		const {machines: all, standing: stands} = opened;
		machines = all;
		standing = stands;
		before = opened.before;
		swarm = new Swarm(cell, all, planned.title);
		const used =
			arrangement &&
			(await withLimit(limits.scenario, `“${arrangement.name}” is arranged`, () => stands.use(arrangement), options));
		if (used?.seconds !== undefined) {
			swarm.measure('arrangement ready on every node', used.seconds);
		}

		notes.push(...(used?.note ? [used.note] : []));
		start = performance.now();
		try {
			await withLimit(limit, 'it is proven', () => prove(tt, swarm as Swarm, used?.parts), options);
		} finally {
			seconds = (performance.now() - start) / 1000;
		}
	});

	const kept = starved();
	if (kept > noticeable) {
		notes.push(`the machines waited ${kept.toFixed(0)} s for a CPU of this host, which did not count`);
	}

	// 2. Judge. A machine that died on its own account makes whatever followed ours.
	const [error] = tried.errors;
	const death = error && unexpectedDeath(machines, swarm?.mayDie ?? new Set(), error.cause ?? error);
	const judgement: {verdict: Verdict; reason?: Reason} = tried.passed ? {verdict: 'passed'} : judge(death ?? error);

	// 3. Evidence before cleaning.
	const red = judgement.verdict === 'failed' || judgement.verdict === 'broken';
	const evidence = red
		? await gatherOnce(error?.cause ?? error, () =>
				gather(cell, planned, machines, {reason: judgement.reason?.message ?? ''}),
			)
		: [];

	// 4. Clean, and whoever comes next must find the cluster as it was. Machines that nobody has after it need neither.
	const {cluster = 'shared'} = needs;
	const isLast = cluster !== 'shared' && cell.origin !== 'cold boot';
	const changes = await patiently(cell.machines, async () => {
		if (isLast) {
			return [];
		}

		notes.push(...((await swarm?.undo.run()) ?? []));
		if (arrangement && (red || spoils)) {
			notes.push(...((await standing?.remove()) ?? []));
		}

		return before && standing && cluster === 'shared' && !death
			? changesSince(before, () => tracesOf(machines, standing!.ids()))
			: [];
	});
	notes.push(...changes.map(change => `it left the cluster other than it was: ${change}`));

	// 5. Record, then let AVA know.
	const result: Result = {
		cell: cell.cell.id,
		title: planned.title,
		file: planned.file,
		...(planned.line && {line: planned.line}),
		origin: cell.origin,
		repetition: cell.repetition,
		...judgement,
		startedAt,
		seconds,
		metrics: swarm?.metrics ?? {},
		evidence,
		log: [...tried.logs, ...notes],
	};
	appendResult(cell.results, result);
	if (changes.length > 0) {
		tell(cell, {progress: 'soiled', scenario: planned, changes});
		// The harness ends this process and goes on with a new cluster.
		await sleep(limits.stop * 10_000);
	}

	tell(cell, {progress: 'ended', scenario: planned});
	for (const note of notes) {
		t.log(note);
	}

	if (judgement.verdict === 'skipped') {
		tried.discard();
		t.log(`skipped: ${judgement.reason?.message}`);
		t.pass();
		return;
	}

	tried.commit();
}

async function openLab(cell: CellFile): Promise<Lab> {
	lab ??= (async () => {
		const machines = await connectAll(cell);
		const standing = new Standing(cell, machines);
		await standing.sweep();
		// A node that is slow to come back from memory may miss its heartbeats; that it is Ready later is nobody's doing.
		if (machines.some(({role}) => role === 'manager')) {
			await proveReady(machines);
		}

		return {machines, standing, before: await tracesOf(machines, standing.ids())};
	})();
	try {
		return await lab;
	} catch (error) {
		// The next scenario may find the machine again.
		lab = undefined;
		throw error;
	}
}

const gathered = new WeakMap<object, string[]>();

/** An arrangement that cannot be made fails every scenario that wants it, with the very same error: one look is enough. */
async function gatherOnce(error: unknown, gatherNow: () => Promise<string[]>): Promise<string[]> {
	const known = error instanceof Error ? gathered.get(error) : undefined;
	const files = known ?? (await gatherNow());
	if (error instanceof Error) {
		gathered.set(error, files);
	}

	return files;
}
