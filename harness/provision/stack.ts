/**
 * The ways to a machine with a stack on it: restored as it was when stack.sh had completed, or booted and stacked. Both ways
 * report the outcome of stack.sh as a result of its own.
 */
import fs from 'node:fs';
import path from 'node:path';
import {kinds, runStack, type StackOutcome, waitForKeystone} from '../devstack/index.ts';
import {provenAccelerator} from '../hypervisor/accelerator.ts';
import {connect, Machine} from '../machine/index.ts';
import {type Stack, type StackHandle, stackOf} from '../model/index.ts';
import {sha256File} from '../store/manifest.ts';
import type {Ways} from './methods.ts';
import {NotStacked} from './not-stacked.ts';
import type {Provisioned, ProvisionRequest} from './request.ts';
import {machineRecipe, type Snapshot} from './snapshot.ts';

/** Increase it when stack.sh is prepared or called in another way: stacks made before are then not used. */
const format = 1;

const stackFile = 'stack.json';
/** The logs of stack.sh are saved with the machine that it made. */
const logsFolder = 'logs';

export function stackWays(request: ProvisionRequest): Ways {
	const {places, context} = request;
	return {
		restored: {
			origin: 'fixture snapshot',
			snapshots: async () => [await stackSnapshot(request)],
			setUp:
				([artifact]) =>
				async up => {
					const {folder} = artifact!;
					context.log.stage('stack');
					const outcome = JSON.parse(fs.readFileSync(path.join(folder, stackFile), 'utf8')) as StackOutcome;
					const seconds = await waitForKeystone(new Machine(up.machines[0]!), outcome.log.keystone);
					const files = keepFiles(filesIn(path.join(folder, logsFolder)), path.join(places.folder, 'stack'));
					const {metrics, ...rest} = provisionedStack({...outcome, files});
					return {...rest, metrics: {...metrics, 'cloud answers': seconds}};
				},
		},
		booted: async up => {
			const machine = await connect(up.machines[0]!, {signal: context.signal});
			return provisionedStack(await runStackOn(machine, request, doing => context.log.machine(machine.name, doing)));
		},
		fallback: 'stacking',
	};
}

/** Returns the snapshot of the machine as it was when stack.sh had completed. Making it throws NotStacked. */
async function stackSnapshot(request: ProvisionRequest): Promise<Snapshot> {
	const {target, context} = request;
	const {cell} = target;
	const stack = stackOf(cell)!;
	const node = cell.nodes[0]!;
	return {
		kind: 'fixture',
		label: `${node.kernel.label} × ${stack.label}: stack.sh`,
		recipe: {
			format,
			machine: await machineRecipe(target, node),
			stack,
			carried: await carriedFiles(stack),
		},
		restoreFrom: ({folder}) => ({[node.name]: {folder}}),
		async prepare(up, {folder, onProgress}) {
			const machine = await connect(up.machines[0]!, {signal: context.signal});
			const outcome = await runStackOn(machine, request, onProgress);
			await machine.disconnect();
			keepFiles(outcome.files, path.join(folder, logsFolder));
			fs.writeFileSync(path.join(folder, stackFile), `${JSON.stringify(outcome, undefined, '\t')}\n`);
		},
	};
}

async function runStackOn(
	machine: Machine,
	{target, places, context}: ProvisionRequest,
	onProgress: (doing: string) => void,
): Promise<StackOutcome> {
	context.log.stage('stack');
	const outcome = await runStack({
		machine,
		stack: stackOf(target.cell)!,
		folder: path.join(places.folder, 'stack'),
		slow: (await provenAccelerator())?.accelerator !== 'kvm',
		onProgress,
		signal: context.signal,
	});
	if (!outcome.completed) {
		throw new NotStacked(outcome);
	}

	return outcome;
}

function provisionedStack(outcome: StackOutcome): Pick<Provisioned, 'subject' | 'stacked' | 'metrics'> {
	const stack: StackHandle = {seconds: outcome.seconds, keystone: outcome.log.keystone};
	return {
		subject: {stack},
		stacked: outcome,
		metrics: {'stack.sh': outcome.seconds},
	};
}

/** Returns the checksums of the tree that is copied into the machine, by path. */
async function carriedFiles({kind}: Stack): Promise<Record<string, string>> {
	const {tree} = kinds[kind];
	const files = tree ? filesBelow(tree) : [];
	return Object.fromEntries(
		await Promise.all(files.map(async file => [path.relative(tree!, file), await sha256File(file)] as const)),
	);
}

function filesBelow(folder: string): string[] {
	const entries = fs.readdirSync(folder, {withFileTypes: true, recursive: true}).filter(each => each.isFile());
	return entries.map(each => path.join(each.parentPath, each.name)).sort();
}

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
