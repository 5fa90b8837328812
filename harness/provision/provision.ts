/**
 * A formed swarm, by the quickest way that works: a frozen cluster, clones of a template, a cold boot. Each way gives
 * the same swarm; which one it was is in the record.
 */
import type {StackOutcome} from '../devstack/index.ts';
import {explain, HarnessError, NotApplicable, reasonOf} from '../errors.ts';
import {connect, Machine, patiently} from '../machine/index.ts';
import type {Origin, StackHandle, SwarmHandle} from '../model/index.ts';
import type {BringUp, Frozen, MachinesUp} from '../providers/provider.ts';
import type {Artifact} from '../store/cache.ts';
import {formSwarm, neighbours, preflight, proveReady, untilSettled} from '../swarm/index.ts';
import {discard, type SnapshotRequest} from './snapshot.ts';
import {ensureCluster, ensureStage, ensureTemplate} from './snapshots.ts';

export interface StandUp extends SnapshotRequest, Pick<BringUp, 'disks' | 'runtime' | 'onProgress' | 'onRetry'> {
	/** The quickest way that may be taken. */
	origin: Origin;
	/** What is to stand on the swarm already; only of the origin `frozen stage`. */
	stage?: {name: string; file: string};
	onStage(stage: 'boot' | 'preflight' | 'swarm' | 'stack'): void;
}

export interface StoodUp {
	up: MachinesUp;
	swarm: SwarmHandle;
	origin: Origin;
	/** Of a stack's cell: what the scenarios are told, and all that is known of how it came about. */
	stack?: StackHandle;
	stacked?: StackOutcome;
	/** File that describes what stands arranged, where something does. */
	standing?: string;
	/** Seconds. */
	metrics: Record<string, number>;
}

/** Stands it up. Throws HarnessError when no way works, NotApplicable when the kernel cannot do what swarm needs. */
export async function standUp(request: StandUp): Promise<StoodUp> {
	if (request.origin !== 'cold boot' && request.provider.snapshots) {
		try {
			return await (request.origin === 'clones of a template' ? fromClones(request) : thaw(request));
		} catch (error) {
			if (request.signal.aborted || error instanceof NotApplicable || !(error instanceof HarnessError)) {
				throw error;
			}

			const message = `no ${request.origin}, booting instead: ${explain(error)}`;
			request.tell({event: 'notice', level: 'warning', cell: request.cell.id, message});
		}
	}

	return coldBoot(request);
}

async function coldBoot(request: StandUp): Promise<StoodUp> {
	const {cell, signal} = request;
	return using(request, undefined, async up => {
		const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal})));
		request.onStage('preflight');
		await Promise.all(machines.map(async machine => preflight(machine, cell.kernel, cell.engine)));
		signal.throwIfAborted();
		request.onStage('swarm');
		const {swarm, metrics} = await formSwarm(machines, cell.topology);
		// Its ingress network comes a moment later; who looks before takes it for something that a scenario left.
		await untilSettled(machines);
		return {swarm, metrics, origin: 'cold boot'};
	});
}

async function fromClones(request: StandUp): Promise<StoodUp> {
	return twice(
		request,
		async () => ensureTemplate(request),
		async ({folder}) =>
			using(request, {folder, template: 'template'}, async up => {
				request.onStage('swarm');
				const {swarm, metrics} = await formSwarm(
					up.machines.map(handle => new Machine(handle)),
					request.cell.topology,
				);
				return {swarm, metrics, origin: 'clones of a template'};
			}),
	);
}

async function thaw(request: StandUp): Promise<StoodUp> {
	const {stage} = request;
	return twice(
		request,
		async () => (stage ? ensureStage(request, stage) : ensureCluster(request)),
		async ({folder, swarm, ends, standing}) =>
			using(request, {folder, neighbours: neighbours(ends)}, async up => {
				request.onStage('swarm');
				await proveReady(up.machines.map(handle => new Machine(handle)));
				return {swarm, metrics: {}, origin: stage ? 'frozen stage' : 'frozen cluster', ...(standing && {standing})};
			}),
	);
}

/** Once more with a new snapshot: the first is under suspicion. */
export async function twice<Snapshot extends Artifact>(
	request: StandUp,
	ensure: () => Promise<Snapshot>,
	use: (snapshot: Snapshot) => Promise<StoodUp>,
): Promise<StoodUp> {
	const snapshot = await ensure();
	try {
		return await use(snapshot);
	} catch (error) {
		if (request.signal.aborted || !(error instanceof HarnessError)) {
			throw error;
		}

		const reason = reasonOf(error);
		request.tell({event: 'infrastructure-retry', cell: request.cell.id, reason});
		discard(snapshot, reason, request);
	}

	return use(await ensure());
}

/** Brings the machines up and takes them down again when what follows does not work. */
export async function using(
	request: StandUp,
	from: Frozen | undefined,
	proceed: (up: MachinesUp) => Promise<Omit<StoodUp, 'up'>>,
): Promise<StoodUp> {
	request.onStage('boot');
	const start = performance.now();
	const up = await request.provider.up({...request, ...(from && {from})});
	try {
		const {metrics, ...rest} = await patiently(up.machines, async () => proceed(up), request);
		const boots = Object.entries(up.bootSeconds).map(([name, seconds]) => [`boot ${name}`, seconds]);
		const formed = (performance.now() - start) / 1000;
		return {up, ...rest, metrics: {...Object.fromEntries(boots), ...metrics, 'swarm formed': formed}};
	} catch (error) {
		await up.down();
		throw error;
	}
}
