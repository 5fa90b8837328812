/**
 * A machine with a stack on it, by the quickest way that works: restored as it was when stack.sh had completed, or booted
 * and stacked. What stack.sh came to is a result of its own, whichever way it was.
 */
import fs from 'node:fs';
import path from 'node:path';
import {alive, kinds, runStack, type StackOutcome} from '../devstack/index.ts';
import {ArtifactError, HarnessError} from '../errors.ts';
import {provenAccelerator} from '../hypervisor/accelerator.ts';
import {connect, Machine} from '../machine/index.ts';
import type {Stack, StackHandle} from '../model/index.ts';
import type {Artifact} from '../store/cache.ts';
import {sha256File} from '../store/manifest.ts';
import type {StandUp, StoodUp} from './provision.ts';
import {twice, using} from './provision.ts';
import {ensureFrozen, machineRecipe} from './snapshot.ts';

/** stack.sh did not complete: no trouble of the lab's until its cause says so. */
export class NotStacked extends Error {
	readonly outcome: StackOutcome;
	constructor(outcome: StackOutcome) {
		super(outcome.failure?.message ?? 'stack.sh did not complete');
		this.name = 'NotStacked';
		this.outcome = outcome;
	}
}

/** Throws NotStacked when stack.sh fails, HarnessError for the lab's own trouble. */
export async function standUpStack(request: StandUp): Promise<StoodUp> {
	if (request.origin === 'cold boot') {
		return stackCold(request);
	}

	try {
		return await thaw(request);
	} catch (error) {
		if (request.signal.aborted || error instanceof NotStacked || !(error instanceof HarnessError)) {
			throw error;
		}

		const message = `no ${request.origin}, stacking instead: ${error.message}`;
		request.tell({event: 'notice', level: 'warning', cell: request.cell.id, message});
		return stackCold(request);
	}
}

async function stackCold(request: StandUp): Promise<StoodUp> {
	return using(request, undefined, async up => {
		const machine = await connect(up.machines[0]!, {signal: request.signal});
		const outcome = await stackOn(machine, request, request.onProgress);
		return {...stoodUp(outcome), origin: 'cold boot'};
	});
}

async function thaw(request: StandUp): Promise<StoodUp> {
	return twice(
		request,
		async () => ensureStacked(request),
		async snapshot =>
			using(request, {folder: snapshot.folder}, async up => {
				request.onStage('stack');
				const outcome = JSON.parse(fs.readFileSync(path.join(snapshot.folder, stackFile), 'utf8')) as StackOutcome;
				const seconds = await alive(new Machine(up.machines[0]!), outcome.log.keystone);
				const files = keepFiles(filesIn(path.join(snapshot.folder, logsFolder)), path.join(request.folder, 'stack'));
				const {metrics, ...rest} = stoodUp({...outcome, files});
				return {...rest, metrics: {...metrics, 'cloud answers': seconds}, origin: 'frozen stage'};
			}),
	);
}

const stackFile = 'stack.json';
/** What stack.sh said goes with the machine that it made. */
const logsFolder = 'logs';

function filesIn(folder: string): string[] {
	return fs.existsSync(folder) ? fs.readdirSync(folder).map(name => path.join(folder, name)) : [];
}

/** Copies files into a folder and returns their names there. */
function keepFiles(files: readonly string[], folder: string): string[] {
	fs.mkdirSync(folder, {recursive: true});
	return files.map(file => {
		const copy = path.join(folder, path.basename(file));
		fs.copyFileSync(file, copy);
		return copy;
	});
}

/** The machine as it was when stack.sh had completed. Throws ArtifactError, NotStacked. */
async function ensureStacked(request: StandUp): Promise<Artifact> {
	const {cell, artifacts} = request;
	const recipe = {
		format,
		machine: await machineRecipe(request),
		stack: cell.stack,
		carried: await carriedFiles(cell.stack!),
	};
	try {
		return await ensureFrozen(request, 'stage', `${cell.kernel.label} × ${cell.stack!.label}: stack.sh`, recipe, {
			async make(up, folder, say) {
				const machine = await connect(up.machines[0]!, {signal: request.signal});
				const outcome = await stackOn(machine, request, (_, doing) => say(doing));
				await machine.disconnect();
				keepFiles(outcome.files, path.join(folder, logsFolder));
				fs.writeFileSync(path.join(folder, stackFile), `${JSON.stringify(outcome, undefined, '\t')}\n`);
			},
			bringUp: {artifacts},
		});
	} catch (error) {
		throw error instanceof ArtifactError && error.cause instanceof NotStacked ? error.cause : error;
	}
}

async function stackOn(
	machine: Machine,
	request: StandUp,
	say: (machine: string, doing: string) => void,
): Promise<StackOutcome> {
	request.onStage('stack');
	const outcome = await runStack({
		machine,
		stack: request.cell.stack!,
		folder: path.join(request.folder, 'stack'),
		slow: (await provenAccelerator())?.accelerator !== 'kvm',
		say: doing => say(machine.name, doing),
		signal: request.signal,
	});
	if (!outcome.completed) {
		throw new NotStacked(outcome);
	}

	return outcome;
}

function stoodUp(outcome: StackOutcome): Pick<StoodUp, 'swarm' | 'stack' | 'stacked' | 'metrics'> {
	const stack: StackHandle = {seconds: outcome.seconds, ...(outcome.log.keystone && {keystone: outcome.log.keystone})};
	return {
		swarm: {nodeIds: {}, managerToken: '', workerToken: ''},
		stack,
		stacked: outcome,
		metrics: {'stack.sh': outcome.seconds},
	};
}

/** Raised when stack.sh is prepared or called in another way, so that stacks made before are of no use. */
const format = 1;

/** Checksums of the tree that is carried in, by path. */
async function carriedFiles({kind}: Stack): Promise<Record<string, string>> {
	const {tree} = kinds[kind];
	const entries = tree ? fs.readdirSync(tree, {withFileTypes: true, recursive: true}) : [];
	const files = entries.filter(each => each.isFile()).map(each => path.join(each.parentPath, each.name));
	return Object.fromEntries(
		await Promise.all(files.sort().map(async file => [path.relative(tree!, file), await sha256File(file)] as const)),
	);
}
