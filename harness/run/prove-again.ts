/** Proves claims of a cell again, when all of them have been proven once. */
import path from 'node:path';
import {reasonOf} from '../errors.ts';
import {busyHost, type PlannedScenario, type Result, scenarioId, stackOf} from '../model/index.ts';
import {workspace} from '../workspace.ts';
import type {RunContext} from './context.ts';
import {groupsOf} from './groups.ts';
import {type GroupRequest, proveGroup} from './prove-group.ts';

type CellRequest = Omit<GroupRequest, 'group'>;

/**
 * Proves once more the claims that were refuted while this host was too busy, so that they said nothing: one swarm at a time, so
 * that the host has less to do. The second try has the repetition of the first, and counts. Not where machines are the user's, or
 * stay up for what did not pass, and not on a stack, which takes an hour to come up.
 */
export async function proveStarvedAgain(context: RunContext, request: CellRequest): Promise<void> {
	const {cell} = request;
	context.signal.throwIfAborted();
	if (context.keep !== false || context.debug || context.onCell || stackOf(cell)) {
		return;
	}

	const starved = resultsOf(context, cell.id).filter(isStarved);
	if (starved.length > 0) {
		const claims = starved.length === 1 ? 'A claim' : `${starved.length} claims`;
		const message = `${claims} said nothing, as this host was too busy: proven once more`;
		context.emit({event: 'notice', level: 'warning', cell: cell.id, message});
	}

	for (const [repetition, results] of Map.groupBy(starved, each => each.repetition)) {
		const ids = new Set(results.map(scenarioId));
		const scenarios = context.scenarios.filter(each => ids.has(scenarioId(each)));
		await proveEachAgain({...context, scenarios}, {...request, repetition});
	}
}

const isBusyHosts = new Set<string>(Object.values(busyHost));

function isStarved({verdict, reason}: Result): boolean {
	return verdict === 'broken' && reason !== undefined && isBusyHosts.has(reason.type);
}

/** Proves failures that a report of this run would call new, each try on machines of its own, until their rate is known. */
export async function proveFailuresAgain(context: RunContext, request: CellRequest): Promise<void> {
	const {again, events, signal} = context;
	signal.throwIfAborted();
	const scenarios = again?.of(request.cell, events) ?? [];
	const isolated: RunContext = {
		...{...context, scenarios},
		isolated: true,
		keep: false,
		repeat: again?.mostTries ?? 1,
		enough: again?.isDecided,
	};
	await proveEachAgain(isolated, request);
}

/** Proves the scenarios of the context again. If their machines do not come up, what has been proven stays proven. */
async function proveEachAgain(context: RunContext, request: CellRequest): Promise<void> {
	const {scenarios, signal} = context;
	const {id} = request.cell;
	for (const group of groupsOf({...context, isPart: true, files: filesOf(scenarios), workspace})) {
		const keys = new Set(group.claims?.map(scenarioId));
		const tries = resultsOf(context, id).filter(each => keys.has(scenarioId(each)));
		try {
			await context.swarms(async () => proveGroup(context, {...request, group, tries}));
		} catch (error) {
			signal.throwIfAborted();
			const message = `${group.claims?.map(({title}) => title).join(', ')}: it could not be proven again: ${reasonOf(error).message}`;
			context.emit({event: 'notice', level: 'warning', cell: id, message});
		}
	}
}

function resultsOf({events}: RunContext, cell: string): Result[] {
	return events.flatMap(each => (each.event === 'result' && each.result.cell === cell ? [each.result] : []));
}

function filesOf(scenarios: readonly PlannedScenario[]): string[] {
	return [...new Set(scenarios.map(({file}) => path.resolve(workspace, file)))];
}
