/** One cell, from its artifacts to its teardown: the order of things on one screen. */
import fs from 'node:fs';
import path from 'node:path';
import {explain, HarnessError, NotApplicable} from '../errors.ts';
import {connect} from '../machine/connect.ts';
import type {Cell, CellFile, CellOutcome, CellStage, Reason} from '../model.ts';
import * as paths from '../paths.ts';
import {leaseFolder} from '../processes/leases.ts';
import type {MachinesUp} from '../providers/provider.ts';
import {providers} from '../providers/providers.ts';
import {followResults} from '../record/follow.ts';
import {formSwarm} from '../swarm/form.ts';
import {preflight} from '../swarm/preflight.ts';
import {runScenarios} from './ava.ts';
import {cellFilePath, writeCellFile} from './cell-file.ts';
import type {RunContext} from './run.ts';
import {watchMachines} from './watch.ts';

/** Proves the scenarios on one cell. Never throws: how it came out is in the record. */
export async function runCell(context: RunContext, cell: Cell): Promise<void> {
	const start = performance.now();
	const stage = (name: CellStage) => context.tell({event: 'cell-stage', cell: cell.id, stage: name});
	let up: MachinesUp | undefined;
	let outcome: CellOutcome = {state: 'tested'};
	try {
		// 1. Can it be tested at all?
		const provider = providers[cell.provider];
		const refusal = provider.refuse(cell);
		if (refusal) {
			throw new NotApplicable(refusal);
		}

		// 2. A kernel and an engine, built or from the cache.
		stage('artifacts');
		const artifacts = await unlessAborted(context.artifacts.of(cell), context.signal);

		// 3. Machines.
		stage('boot');
		const places = cellPlaces(context, cell);
		up = await provider.up({
			cell,
			artifacts,
			...places,
			signal: context.signal,
			onProgress: (machine, doing) => context.tell({event: 'machine', cell: cell.id, machine, doing}),
			onRetry: (machine, reason, consoleTail) =>
				context.tell({event: 'infrastructure-retry', cell: cell.id, machine, reason, consoleTail}),
		});
		const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal: context.signal})));
		context.tell({event: 'cell-measured', cell: cell.id, metrics: bootMetrics(up.bootSeconds)});

		// 4. Is it the kernel and the engine that were asked for, and can they do what swarm needs?
		stage('preflight');
		await Promise.all(machines.map(async machine => preflight(machine, cell.kernel, cell.engine)));
		context.signal.throwIfAborted();

		// 5. A swarm.
		stage('swarm');
		const {swarm, metrics} = await formSwarm(machines, cell.topology);
		context.tell({event: 'cell-measured', cell: cell.id, metrics});

		// 6. The claims.
		stage('scenarios');
		const cellFile: CellFile = {
			run: context.id,
			cell,
			machines: up.machines,
			swarm,
			folder: places.folder,
			results: path.join(places.folder, 'results.jsonl'),
			filter: context.filter,
			repetition: 1,
		};
		for (let repetition = 1; repetition <= context.repeat && !context.signal.aborted; repetition++) {
			await prove(context, writeCellFile({...cellFile, repetition}), up);
		}
	} catch (error) {
		outcome = outcomeOf(error, context.signal);
	} finally {
		// 7. Down again, unless it is to be kept.
		if (!context.keep || outcome.state !== 'tested' || context.signal.aborted) {
			stage('teardown');
			for (const what of (await up?.down()) ?? []) {
				context.tell({event: 'leftover', cell: cell.id, what, why: 'it could not be ended'});
			}

			removeDisks(context, cell);
		}

		stage('done');
		context.tell({event: 'cell-finished', cell: cell.id, outcome, seconds: (performance.now() - start) / 1000});
	}
}

/** Runs the scenario files once in a process of their own and takes their results into the record as they come. */
async function prove(context: RunContext, cellFile: CellFile, up: MachinesUp): Promise<void> {
	const warn = (message: string) => context.tell({event: 'notice', level: 'warning', cell: cellFile.cell.id, message});
	const watch = watchMachines(up, warn);
	const following = followResults(cellFile.results, result => {
		if (result.repetition === cellFile.repetition) {
			context.tell({event: 'result', result});
		}
	});
	try {
		await runScenarios({
			cellFile: cellFilePath(cellFile.folder),
			files: context.files,
			scenarios: context.scenarios,
			signal: context.signal,
			onWaiting: (_, until) =>
				context.tell({event: 'machine', cell: cellFile.cell.id, machine: 'swarm', doing: `until ${until}`}),
			onStarted: scenario =>
				context.tell({event: 'scenario-started', cell: cellFile.cell.id, ...scenario, repetition: cellFile.repetition}),
		});
	} finally {
		await watch.end();
		const {problems} = await following.end();
		problems.forEach(warn);
	}
}

function cellPlaces(context: RunContext, cell: Cell): {folder: string; disks: string; runtime: string} {
	const folder = path.join(context.folder, 'cells', cell.id);
	fs.mkdirSync(folder, {recursive: true});
	return {
		folder,
		disks: leaseFolder(context.lease, disksFolder(context, cell)),
		runtime: leaseFolder(context.lease, runtimeFolder(context, cell)),
	};
}

function disksFolder(context: RunContext, cell: Cell): string {
	return path.join(context.folder, 'cells', cell.id, 'disks');
}

/** Short: a unix socket's path may have 107 bytes (unix(7)). */
function runtimeFolder(context: RunContext, cell: Cell): string {
	return path.join(paths.runtime, `${context.id}-${context.cells.indexOf(cell)}`);
}

function removeDisks(context: RunContext, cell: Cell): void {
	fs.rmSync(disksFolder(context, cell), {recursive: true, force: true});
	fs.rmSync(runtimeFolder(context, cell), {recursive: true, force: true});
}

/** Builders take minutes; who interrupts a run does not wait for them: they are ended with its lease. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	signal.throwIfAborted();
	work.catch(() => undefined);
	return Promise.race([
		work,
		new Promise<never>((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason), {once: true});
		}),
	]);
}

function bootMetrics(bootSeconds: Record<string, number>): Record<string, number> {
	return Object.fromEntries(Object.entries(bootSeconds).map(([name, seconds]) => [`boot ${name}`, seconds]));
}

function outcomeOf(error: unknown, signal: AbortSignal): CellOutcome {
	const reason: Reason = {
		message: error instanceof Error ? error.message.split('\n')[0]! : String(error),
		type: error instanceof Error ? error.name : 'Error',
		details: error instanceof HarnessError ? explain(error) : String((error as Error)?.stack ?? error),
		remedy: error instanceof HarnessError ? error.remedy : undefined,
	};
	if (signal.aborted) {
		const why = signal.reason instanceof Error ? signal.reason.message : 'The run was interrupted';
		return {state: 'broken', reason: {...reason, message: why, type: 'Interrupted'}};
	}

	return error instanceof NotApplicable ? {state: 'skipped', reason} : {state: 'broken', reason};
}
