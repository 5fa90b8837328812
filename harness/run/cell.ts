/** One cell, from its artifacts to its teardown. All steps are in one function. */
import path from 'node:path';
import {applies} from '../applies.ts';
import {needOf} from '../capacity/needs.ts';
import {requireLargeEnough} from '../capacity/reserve.ts';
import {kinds} from '../devstack/index.ts';
import {NotApplicable, reasonOf, VariantRefused} from '../errors.ts';
import {secondsTogether} from '../history/durations.ts';
import {type Cell, type CellOutcome, type CellStage, scenarioId, stackOf} from '../model/index.ts';
import type {Provider} from '../providers/provider.ts';
import {workspace} from '../workspace.ts';
import type {RunContext} from './context.ts';
import {providerOf} from './dependencies.ts';
import {EndedEarly} from './ending-early.ts';
import {type Group, groupsOf} from './groups.ts';
import {unlessAborted} from './interrupt.ts';
import {inOrder} from './process/order.ts';
import {proveFailuresAgain, proveStarvedAgain} from './prove-again.ts';
import {proveGroup} from './prove-group.ts';
import {longestFirst} from './schedule.ts';
import {closeSwarm, type OpenSwarm} from './swarm-places.ts';

/** Runs the scenarios on one cell. Never throws: the outcome is in the record. */
export async function runCell(context: RunContext, cell: Cell): Promise<void> {
	const start = performance.now();
	const stage = (name: CellStage) => context.emit({event: 'cell-stage', cell: cell.id, stage: name});
	let outcome: CellOutcome = {state: 'tested'};
	const open: OpenSwarm[] = [];
	try {
		// 1. Can it be tested at all?
		const provider = providerOf(cell, context.dependencies);
		const stack = stackOf(cell);
		const refusal =
			(stack && kinds[stack.kind].notHere) ??
			provider.refuse(cell) ??
			upgradeRefusal(cell, provider) ??
			servicesRefusal(cell, provider);
		if (refusal) {
			throw new NotApplicable(refusal);
		}

		requireLargeEnough({cell: cell.id, ...needOf(cell)});

		// 2. A kernel and an engine, built or from the cache.
		stage('artifacts');
		const artifacts = await unlessAborted(context.artifacts.forCell(cell, provider), context.signal);
		const helpers = cell.services && {
			lease: context.lease.id,
			folder: path.join(context.folder, 'helpers'),
			trees: await unlessAborted(context.artifacts.forHelpers(cell), context.signal),
		};

		// 3. Each group of scenarios on a swarm of its own, as often as asked for, the longest first.
		// If nothing can or may be restored, every swarm must be booted, so all scenarios share one.
		const origin = provider.snapshots && !cell.plain ? context.origin : 'cold boot';
		const own = claimsOf({...context, origin}, cell);
		const groups = groupsOf({...own, workspace});
		const proven = await Promise.allSettled(
			startOrder(groups, own).map(async group =>
				context.swarms(async () => proveGroup(own, {cell, artifacts, helpers, group, open})),
			),
		);
		const failure = proven.find(each => each.status === 'rejected');
		if (failure) {
			throw failure.reason;
		}

		// 4. What said nothing, as this host was too busy, once more. Then failures that a report of this run would call new, on
		// machines of their own, until their rate is known.
		await proveStarvedAgain(own, {cell, artifacts, helpers, open});
		await proveFailuresAgain(own, {cell, artifacts, helpers, open});
	} catch (error) {
		outcome = outcomeOf(error, context.signal);
	} finally {
		// 5. Down again, unless the cell is to be kept: then a group has left its swarm up.
		const mayStay = context.signal.aborted
			? context.keep === 'failed' && context.signal.reason instanceof EndedEarly
			: outcome.state === 'tested' && context.keep !== false;
		const kept = mayStay
			? context.keep === 'failed'
				? (open.find(({isKept}) => isKept) ?? open.find(({isRed}) => isRed))
				: open.at(-1)
			: undefined;
		stage('teardown');
		await Promise.all(open.filter(each => each !== kept).map(async each => closeSwarm(context, each)));
		if (kept) {
			kept.reservation.keep(kept.up.machines.flatMap(({pid}) => pid ?? []));
			context.kept.push(kept.handle.folder);
		}

		stage('done');
		context.emit({event: 'cell-finished', cell: cell.id, outcome, seconds: (performance.now() - start) / 1000});
	}
}

/** Returns why the nodes of a cell cannot be upgraded, in one sentence; undefined if they can, or need not. */
function upgradeRefusal({provider: name, upgrade}: Cell, {upgrades}: Provider): string | undefined {
	return upgrade && !upgrades
		? `The nodes of the provider ${name} keep their engine, and are not upgraded to ${upgrade.map(({label}) => label).join(', ')}: leave --upgrade out, or choose another --provider (docs/providers.md)`
		: undefined;
}

/** Returns why the nodes of a cell reach no helper containers, in one sentence; undefined if they do, or if it has none. */
export function servicesRefusal({provider: name, services}: Cell, provider: Provider): string | undefined {
	return services && !provider.services
		? `The nodes of the provider ${name} have a network of their own, and do not reach ${services.map(each => each.name).join(', ')}: leave services out of the config, or choose --provider container`
		: undefined;
}

/** Returns the context for this cell: without the scenarios that apply only to other cells. */
function claimsOf(context: RunContext, cell: Cell): RunContext {
	const scenarios = context.scenarios.filter(each => applies(each, cell));
	const others = context.scenarios.filter(each => !applies(each, cell));
	const isOurs = (file: string) =>
		scenarios.some(each => path.resolve(workspace, each.file) === file) ||
		!others.some(each => path.resolve(workspace, each.file) === file);
	return {...context, scenarios, files: context.files.filter(isOurs)};
}

/** Sorts the longest group first; with a seed, the group of the first scenario. */
function startOrder(groups: readonly Group[], {seed, scenarios, past}: RunContext): Group[] {
	if (seed === undefined) {
		return longestFirst(groups, ({claims}) => claims && secondsTogether(claims, past));
	}

	const order = inOrder(scenarios, {seed, repetition: 1}).map(scenarioId);
	const first = ({claims = []}: Group) => {
		const ids = new Set(claims.map(scenarioId));
		return order.findIndex(id => ids.has(id));
	};
	return groups.toSorted((a, b) => first(a) - first(b));
}

function outcomeOf(error: unknown, signal: AbortSignal): CellOutcome {
	const reason = reasonOf(error);
	if (signal.aborted) {
		const why = signal.reason instanceof Error ? signal.reason.message : 'The run was interrupted';
		return {state: 'broken', reason: {...reason, message: why, type: 'Interrupted'}};
	}

	if (error instanceof VariantRefused) {
		return {state: error.verdict, reason};
	}

	return error instanceof NotApplicable ? {state: 'skipped', reason} : {state: 'broken', reason};
}
