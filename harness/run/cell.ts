/** One cell, from its artifacts to its teardown: the order of things on one screen. */
import fs from 'node:fs';
import path from 'node:path';
import {explain, HarnessError, NotApplicable} from '../errors.ts';
import type {Cell, CellFile, CellOutcome, CellStage, Reason} from '../model.ts';
import * as paths from '../paths.ts';
import {leaseFolder} from '../processes/leases.ts';
import type {CellArtifacts, MachinesUp} from '../providers/provider.ts';
import {providers} from '../providers/providers.ts';
import {followResults} from '../record/follow.ts';
import {readResults} from '../record/results.ts';
import {runScenarios} from './ava.ts';
import {cellFilePath, writeCellFile} from './cell-file.ts';
import {type Group, groupsOf} from './groups.ts';
import type {RunContext} from './run.ts';
import {standUp} from './stand-up.ts';
import {watchMachines} from './watch.ts';

/** Proves the scenarios on one cell. Never throws: how it came out is in the record. */
export async function runCell(context: RunContext, cell: Cell): Promise<void> {
	const start = performance.now();
	const stage = (name: CellStage) => context.tell({event: 'cell-stage', cell: cell.id, stage: name});
	let outcome: CellOutcome = {state: 'tested'};
	let last: Standing | undefined;
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

		// 3. Each group of scenarios on a swarm of its own, as often as asked for.
		for (let repetition = 1; repetition <= context.repeat; repetition++) {
			const groups = groupsOf({...context, project: paths.project});
			for (let group = groups.shift(); group; group = groups.shift()) {
				context.signal.throwIfAborted();
				// Those that share a swarm go on with it the next time; what they arranged stands.
				if (!last || !isFor(last, group)) {
					await down(context, cell, last);
					last = undefined;
					last = await bringUp(context, cell, artifacts, group);
				}

				stage('scenarios');
				const rest = await prove(context, last, group, repetition);
				if (rest) {
					await down(context, cell, last);
					last = undefined;
					groups.unshift(...(rest.titles?.length === 0 ? [] : [rest]));
				}
			}
		}
	} catch (error) {
		outcome = outcomeOf(error, context.signal);
	} finally {
		// 4. Down again, unless it is to be kept.
		if (!context.keep || outcome.state !== 'tested' || context.signal.aborted) {
			stage('teardown');
			await down(context, cell, last);
		}

		stage('done');
		context.tell({event: 'cell-finished', cell: cell.id, outcome, seconds: (performance.now() - start) / 1000});
	}
}

/** A swarm that is up, and whom it is for. */
interface Standing {
	group: Group;
	up: MachinesUp;
	file: CellFile;
	places: Places;
}

/** Where those that share found it standing they may go on; nobody else may. */
function isFor({group}: Standing, wanted: Group): boolean {
	return wanted.cluster === 'shared' && group.cluster === 'shared' && !wanted.stage && !group.stage;
}

async function bringUp(context: RunContext, cell: Cell, artifacts: CellArtifacts, group: Group): Promise<Standing> {
	const places = cellPlaces(context, cell);
	const {cluster, stage} = group;
	const quickest = cluster === 'formed' ? 'clones of a template' : stage ? 'frozen stage' : 'frozen cluster';
	const {up, swarm, origin, metrics, standing} = await standUp({
		cell,
		artifacts,
		...places,
		origin: context.origin === 'cold boot' ? 'cold boot' : quickest,
		...(stage && {stage}),
		lease: context.lease,
		signal: context.signal,
		tell: context.tell,
		onStage: name => context.tell({event: 'cell-stage', cell: cell.id, stage: name}),
		onProgress: (machine, doing) => context.tell({event: 'machine', cell: cell.id, machine, doing}),
		onRetry: (machine, reason, consoleTail) =>
			context.tell({event: 'infrastructure-retry', cell: cell.id, machine, reason, consoleTail}),
	});
	context.tell({event: 'cell-formed', cell: cell.id, origin, seconds: metrics['swarm formed'] ?? 0});
	context.tell({event: 'cell-measured', cell: cell.id, metrics});
	const folder = cellFolder(context, cell);
	const file: CellFile = {
		run: context.id,
		cell,
		machines: up.machines,
		swarm,
		folder,
		results: path.join(folder, 'results.jsonl'),
		filter: context.filter,
		repetition: 1,
		origin,
		standing: path.join(places.folder, 'standing.json'),
	};
	if (standing) {
		fs.copyFileSync(standing, file.standing);
	}

	return {group, up, file, places};
}

async function down(context: RunContext, cell: Cell, standing: Standing | undefined): Promise<void> {
	if (!standing) {
		return;
	}

	for (const what of await standing.up.down()) {
		context.tell({event: 'leftover', cell: cell.id, what, why: 'it could not be ended'});
	}

	fs.rmSync(standing.places.disks, {recursive: true, force: true});
	fs.rmSync(standing.places.runtime, {recursive: true, force: true});
}

/**
 * Runs a group's files once in a process of their own and takes their results into the record as they come.
 * Returns what is left of the group when a scenario left the cluster other than it was: it is for nobody any more.
 */
async function prove(
	context: RunContext,
	{up, file}: Standing,
	group: Group,
	repetition: number,
): Promise<Group | undefined> {
	const {files, titles} = group;
	const cell = file.cell.id;
	const cellFile = writeCellFile({...file, repetition, ...(titles && {only: titles})});
	const warn = (message: string) => context.tell({event: 'notice', level: 'warning', cell, message});
	const watch = watchMachines(up, warn);
	const from = fs.statSync(cellFile.results, {throwIfNoEntry: false})?.size ?? 0;
	const following = followResults(cellFile.results, result => context.tell({event: 'result', result}), {from});
	const scenarios = context.scenarios.filter(({title}) => !titles || titles.includes(title));
	try {
		const {soiled} = await runScenarios({
			cellFile: cellFilePath(cellFile.folder),
			files,
			scenarios,
			signal: context.signal,
			onWaiting: (_, until) => context.tell({event: 'machine', cell, machine: 'swarm', doing: `until ${until}`}),
			onStarted: scenario => context.tell({event: 'scenario-started', cell, ...scenario, repetition}),
		});
		if (!soiled) {
			return undefined;
		}

		warn(`“${soiled.scenario.title}” left the cluster other than it was (${soiled.changes.join('; ')}); it is replaced`);
		const proven = readResults(cellFile.results).results.filter(each => each.repetition === repetition);
		const left = scenarios.filter(({title}) => !proven.some(each => each.title === title));
		return {...group, titles: left.map(({title}) => title)};
	} finally {
		await watch.end();
		const {problems} = await following.end();
		problems.forEach(warn);
	}
}

interface Places {
	/** For consoles. */
	folder: string;
	disks: string;
	runtime: string;
}

/** Of one swarm of the cell; the first has the cell's own folder, the others have folders in it. */
function cellPlaces(context: RunContext, cell: Cell): Places {
	const own = cellFolder(context, cell);
	fs.mkdirSync(own, {recursive: true});
	const count = fs.readdirSync(own).filter(name => name.startsWith('swarm-')).length + 1;
	const folder = path.join(own, `swarm-${count}`);
	fs.mkdirSync(folder);
	// Short: a unix socket's path may have 107 bytes (unix(7)).
	const runtime = path.join(paths.runtime, `${context.id}-${context.cells.indexOf(cell)}-${count}`);
	return {folder, disks: leaseFolder(context.lease, path.join(folder, 'disks')), runtime: leaseFolder(context.lease, runtime)};
}

function cellFolder(context: RunContext, cell: Cell): string {
	return path.join(context.folder, 'cells', cell.id);
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
