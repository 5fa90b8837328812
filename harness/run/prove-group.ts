/** A group of scenarios on a swarm of its own: brings it up, runs the scenarios as often as asked for, takes it down. */
import fs from 'node:fs';
import path from 'node:path';
import type {Reservation} from '../capacity/reserve.ts';
import {NotApplicable, reasonOf} from '../errors.ts';
import {nodeFaultsOn} from '../faults/journal.ts';
import {isOfPower} from '../faults/table.ts';
import {type Cell, type Claim, type PlannedScenario, type Result, scenarioId} from '../model/index.ts';
import type {CellArtifacts, Helpers} from '../providers/provider.ts';
import {cellFilePath, cellHandleOf, writeCellFile} from '../provision/cell-file.ts';
import {cellLog} from '../provision/cell-log.ts';
import {NotStacked} from '../provision/not-stacked.ts';
import {followResults} from '../record/follow.ts';
import {readResults} from '../record/results.ts';
import {isRed} from '../record/summary/red.ts';
import type {RunContext} from './context.ts';
import {answerStop} from './debug.ts';
import {providerOf} from './dependencies.ts';
import type {Group} from './groups.ts';
import {claimsLeftAsTheyAre} from './left-as-it-is.ts';
import {fixtureFileOf} from './on-cell.ts';
import {inOrder} from './process/order.ts';
import {emitStackResults} from './stacked.ts';
import {closeSwarm, makePlaces, type OpenSwarm, reserveFor, staysUp} from './swarm-places.ts';
import {watchMachines} from './watch.ts';

export interface GroupRequest {
	cell: Cell;
	artifacts: CellArtifacts;
	/** Only if the cell has `services`. */
	helpers?: Helpers | undefined;
	group: Group;
	/** The one repetition that is made, if it is made again. Absent: all of them. */
	repetition?: number;
	/** What its scenarios came to before, if they are proven again. */
	tries?: readonly Result[];
	/** Every swarm of the cell that is up. The caller takes down those that are here when the cell ends. */
	open: OpenSwarm[];
}

/** Runs a group. A shared swarm without a saved fixture serves all repetitions; otherwise each repetition gets a new swarm. */
export async function proveGroup(context: RunContext, request: GroupRequest): Promise<void> {
	try {
		await proveEach(context, request);
	} catch (error) {
		const {claims = [], init} = request.group;
		if (init && error instanceof NotApplicable) {
			// The other scenarios of the cell have another swarm.
			for (const each of claims) {
				emitSkipped(context, request.cell, each, error);
			}

			return;
		}

		if (!(error instanceof NotStacked)) {
			throw error;
		}

		emitStackResults(context, request.cell, error.outcome);
	}
}

function emitSkipped({emit}: RunContext, {id}: Cell, claim: Claim, error: NotApplicable): void {
	const startedAt = new Date().toISOString();
	const nothing = {repetition: 1, startedAt, seconds: 0, metrics: {}, evidence: [], log: []};
	emit({event: 'result', result: {cell: id, ...claim, verdict: 'skipped', reason: reasonOf(error), ...nothing}});
}

async function proveEach(context: RunContext, request: GroupRequest): Promise<void> {
	const {group, open, tries = []} = request;
	const lasts = group.cluster === 'shared' && !group.fixture;
	let swarm: OpenSwarm | undefined;
	const results: Result[] = [...tries];
	const first = request.repetition ?? Math.max(0, ...tries.map(({repetition}) => repetition)) + 1;
	const end = request.repetition ?? Math.max(first, context.repeat);
	const close = async () => {
		if (swarm) {
			open.splice(open.indexOf(swarm), 1);
			await closeSwarm(context, swarm);
			swarm = undefined;
		}
	};

	for (let repetition = first; repetition <= end && !context.enough?.(results); repetition++) {
		let {claims} = group;
		do {
			context.signal.throwIfAborted();
			swarm ??= await openSwarm(context, request);
			context.emit({event: 'cell-stage', cell: request.cell.id, stage: 'scenarios'});
			const left = await prove(
				context,
				swarm,
				{...request, group: {...group, ...(claims && {claims})}},
				{repetition, results},
			);
			claims = left ?? [];
			const isLast = repetition === end && claims.length === 0;
			const isOver = left !== undefined || isLast || !lasts;
			if (isOver && staysUp(context, request, swarm, {isLast, isDirty: left !== undefined})) {
				// Left up on purpose: later reservations must not wait for its end.
				swarm.isKept = true;
				swarm.reservation.keep(swarm.up.machines.flatMap(({pid}) => pid ?? []));
				swarm = undefined;
			} else if (isOver) {
				await close();
			}
		} while (claims.length > 0);
	}
}

async function openSwarm(context: RunContext, request: GroupRequest): Promise<OpenSwarm> {
	const {cell} = request;
	const reservation = await reserveFor(context, cell);
	try {
		return await openIn(reservation, context, request);
	} catch (error) {
		reservation.release();
		throw error;
	}
}

async function openIn(
	reservation: Reservation,
	context: RunContext,
	{cell, artifacts, helpers, group, open}: GroupRequest,
): Promise<OpenSwarm> {
	const places = makePlaces(context, cell);
	const {cluster, fixture, init} = group;
	const preferred = cluster === 'new' ? 'clones of a template' : fixture ? 'fixture snapshot' : 'cluster snapshot';
	const {lease, signal} = context;
	const provisioned = await context.dependencies.provision({
		target: {cell, provider: providerOf(cell, context.dependencies), artifacts, helpers},
		places,
		context: {lease, signal, log: cellLog(cell.id, context.emit)},
		preferredOrigin: context.origin === 'cold boot' ? 'cold boot' : preferred,
		fixture,
		...(init && {init}),
	});
	const {up, stacked, origin, metrics, fixtureFile} = provisioned;
	const {folder} = places;
	const {faults} = providerOf(cell, context.dependencies);
	const handle = cellHandleOf({run: context.id, cell, folder, faults}, provisioned);
	const files = {
		results: path.join(folder, 'results.jsonl'),
		// What is on a cell that stays up is described in its own folder, for the next run on it.
		fixtureFile: fixtureFileOf(context.onCell ?? {folder}),
		...(context.onCell && {upFolder: context.onCell.folder}),
	};
	const opened = {up, handle, files, places, reservation};
	open.push(opened);
	writeCellFile(handle);
	if (stacked) {
		emitStackResults(context, cell, stacked, origin);
	}

	context.emit({event: 'cell-formed', cell: cell.id, origin, seconds: metrics['swarm formed'] ?? 0});
	context.emit({event: 'cell-measured', cell: cell.id, metrics});
	if (fixtureFile) {
		fs.copyFileSync(fixtureFile, files.fixtureFile);
	}

	return opened;
}

/**
 * Runs a group's files once in a separate process and adds their results to the record as they come.
 * If a scenario changed the swarm, or stays as it is, returns the claims that have not run yet: the swarm must not be used again.
 */
async function prove(
	context: RunContext,
	swarm: OpenSwarm,
	request: GroupRequest,
	{repetition, results: proven}: {repetition: number; results: Result[]},
): Promise<Claim[] | undefined> {
	const {files, claims, cluster} = request.group;
	const {up, handle} = swarm;
	const {results, fixtureFile, upFolder} = swarm.files;
	const cell = handle.cell.id;
	const warn = (message: string) => context.emit({event: 'notice', level: 'warning', cell, message});
	const away = () => nodeFaultsOn(handle.folder).flatMap(({fault, node}) => (isOfPower(fault) ? [node] : []));
	const watch = watchMachines(up, warn, away);
	const from = fs.statSync(results, {throwIfNoEntry: false})?.size ?? 0;
	// Tries of a report end in the same failure, and evidence takes longer than most of them.
	const hasEvidence = context.isolated && proven.some(({verdict}) => verdict === 'failed');
	const ofPassed = context.evidenceOfPassed && !(context.isolated && proven.some(({verdict}) => verdict === 'passed'));
	const take = (result: Result) => {
		proven.push(result);
		swarm.isRed ||= isRed(result, context, result.startedAt.slice(0, 10));
		context.emit({event: 'result', result});
	};
	const following = followResults(results, take, {from});
	const keys = new Set(claims?.map(scenarioId));
	const scenarios = context.scenarios.filter(each => !each.stack?.byRun && (!claims || keys.has(scenarioId(each))));
	const staysIfRed = claimsLeftAsTheyAre(context, request, scenarios);
	const {seed, filter} = context;
	const order = seed === undefined ? undefined : inOrder(scenarios, {seed, repetition});
	if (order && order.length > 1) {
		context.emit({event: 'order', cell, repetition, scenarios: order.map(({file, title}) => ({file, title}))});
	}

	try {
		const {dirtied} = await context.dependencies.runScenarios({
			cellFile: cellFilePath(handle.folder),
			assignment: {
				results,
				fixtureFile,
				...(upFolder && {upFolder}),
				filter,
				repetition,
				...(claims && {only: claims}),
				...(cluster !== 'shared' && {thrownAway: true as const}),
				...(staysIfRed.length > 0 && {staysIfRed}),
				...(hasEvidence && {withoutEvidence: true as const}),
				...(context.debug && {debug: true as const}),
				...(ofPassed && {evidenceOfPassed: true as const}),
			},
			files,
			scenarios,
			order,
			signal: context.signal,
			onWaiting: (_, until) => context.emit({event: 'machine', cell, machine: 'swarm', doing: `until ${until}`}),
			onPaused: paused => answerStop(context, handle, paused),
			onStarted: scenario => context.emit({event: 'scenario-started', cell, ...named(scenario), repetition}),
		});
		if (!dirtied) {
			return undefined;
		}

		const {scenario, changes, stays} = dirtied;
		if (stays) {
			warn(`“${scenario.title}” did not pass: its swarm stays as it is; what is not proven yet gets another one`);
		} else {
			context.changed.push(cell);
			warn(`“${scenario.title}” changed the cluster (${changes.join('; ')}); it is replaced`);
		}

		const recorded = readResults(results).results.filter(each => each.repetition === repetition);
		const done = new Set(recorded.map(scenarioId));
		return scenarios.filter(each => !done.has(scenarioId(each))).map(({file, title}) => ({file, title}));
	} finally {
		await watch.end();
		const {problems} = await following.end();
		problems.forEach(warn);
	}
}

function named({title, file, line}: PlannedScenario): PlannedScenario {
	return {title, file, line};
}
