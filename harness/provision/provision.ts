/**
 * Brings a cell up by the quickest way that works: restored or booted. Each way gives the same swarm or stack. The record
 * says which way was taken.
 */
import {explain, HarnessError, NotApplicable, reasonOf} from '../errors.ts';
import {excludingStarvation} from '../machine/index.ts';
import {stackOf} from '../model/index.ts';
import type {RestoreSource} from '../providers/provider.ts';
import type {Artifact} from '../store/cache.ts';
import type {SetUp, Ways} from './methods.ts';
import {NotStacked} from './not-stacked.ts';
import {machinesOf, type Provisioned, type ProvisionRequest} from './request.ts';
import {setUpOf, sourceOf} from './saved.ts';
import {discardSnapshot, ensureSnapshots, savedBy} from './snapshot.ts';
import {stackWays} from './stack.ts';
import {swarmWays} from './swarm.ts';

/**
 * Brings a cell up. Throws HarnessError if no way works, NotApplicable if the kernel lacks what swarm needs, NotStacked if
 * the stack.sh of a stack fails. If it throws, nothing that it started is left.
 */
export async function provision(request: ProvisionRequest): Promise<Provisioned> {
	const {target, context, preferredOrigin, saved} = request;
	if (saved) {
		return {...(await withMachines(request, sourceOf(saved), setUpOf(saved))), origin: 'cluster snapshot'};
	}

	const ways = stackOf(target.cell) ? stackWays(request) : swarmWays(request);
	if (preferredOrigin !== 'cold boot' && target.provider.snapshots && ways.restored) {
		try {
			return await restore(request, ways.restored);
		} catch (error) {
			if (context.signal.aborted || isVerdict(error)) {
				throw error;
			}

			context.log.warn(`no ${preferredOrigin}, ${ways.fallback} instead: ${explain(error)}`);
		}
	}

	return {...(await withMachines(request, undefined, ways.booted)), origin: 'cold boot'};
}

/** True for errors that no other way can mend: a statement about the kernel or the stack, or a bug of ours. */
function isVerdict(error: unknown): boolean {
	return error instanceof NotApplicable || error instanceof NotStacked || !(error instanceof HarnessError);
}

/** If machines do not come back from a snapshot, the snapshot is rebuilt once. */
async function restore(
	request: ProvisionRequest,
	{origin, snapshots, setUp}: NonNullable<Ways['restored']>,
): Promise<Provisioned> {
	const {target, places, context} = request;
	const wanted = await snapshots();
	const ensure = async () => ensureSnapshots(target, wanted, places.folder, context);
	const use = async (artifacts: Artifact[]) => ({
		...(await withMachines(request, savedBy(wanted, artifacts), setUp(artifacts))),
		origin,
	});
	const artifacts = await ensure();
	try {
		return await use(artifacts);
	} catch (error) {
		if (context.signal.aborted || !(error instanceof HarnessError)) {
			throw error;
		}

		const reason = reasonOf(error);
		context.log.retried(reason);
		for (const each of artifacts) {
			discardSnapshot(each, reason, context.log);
		}
	}

	return use(await ensure());
}

/** Brings the machines up and runs `setUp` on them. If `setUp` fails, takes the machines down again. */
async function withMachines(
	{target, places, context}: ProvisionRequest,
	from: RestoreSource | undefined,
	setUp: SetUp,
): Promise<Omit<Provisioned, 'origin'>> {
	const {signal, log} = context;
	log.stage('boot');
	const start = performance.now();
	const {cell, provider, helpers} = target;
	const up = await provider.up({cell, machines: machinesOf(target), helpers, places, signal, log, from});
	try {
		const {metrics, ...rest} = await excludingStarvation(up.machines, async () => setUp(up), {signal});
		const boots = Object.entries(up.bootSeconds).map(([name, seconds]) => [`boot ${name}`, seconds]);
		const formed = (performance.now() - start) / 1000;
		return {up, ...rest, metrics: {...Object.fromEntries(boots), ...metrics, 'swarm formed': formed}};
	} catch (error) {
		await up.down();
		throw error;
	}
}
