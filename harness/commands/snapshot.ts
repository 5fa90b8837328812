/** `swarmlab snapshot`: saves a cell that is up under a name, and brings it back. */
import {Argument} from 'commander';
import {asTyped} from '../called.ts';
import {UsageError} from '../errors.ts';
import {uniform} from '../model/index.ts';
import {readConfig, readPackages} from '../plan/resolve.ts';
import type {CellUp} from '../run/by-hand.ts';
import type {SavedCell} from '../run/saved.ts';
import {ago, inBytes} from './amounts.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab snapshot save broken        the cell that is up, which goes on
  swarmlab down && swarmlab snapshot restore broken
  swarmlab snapshot list               what is saved, and how much it takes
  swarmlab snapshot remove broken      and away with it`;

interface SnapshotFlags {
	cell?: string;
	json?: boolean;
}

const actions: Record<string, (name: string, flags: SnapshotFlags) => Promise<void>> = {
	save,
	restore,
	remove,
	list: async (_, flags) => list(flags),
};

export const registerSnapshot: Register = program => {
	program
		.command('snapshot')
		.summary('save a cell that is up under a name, and bring it back')
		.description(
			'Saves the machines of a cell that is up, with memory and disks, under a name (save), brings such a cell up again as it was (restore), lists or removes what is saved. Only machines of the provider qemu can be saved.',
		)
		.addArgument(new Argument('<action>', 'what to do').choices(Object.keys(actions)))
		.argument('[name]', 'its name: letters, digits, dots, dashes')
		.option('--cell <text>', 'save: the cell or run that this means (default: the newest that is up)')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (action: string, name: string | undefined, flags: SnapshotFlags) => {
			if (name === undefined && action !== 'list') {
				throw new UsageError(`snapshot ${action}: the name is missing.`, {remedy: `swarmlab snapshot ${action} NAME`});
			}

			await actions[action]!(name ?? '', flags);
		});
};

async function save(name: string, {cell, json}: SnapshotFlags): Promise<void> {
	const {leaveMachines, listSaved, problemOfName, saveCell, targetOf} = await import('../run/saved.ts');
	const {findUp} = await import('../run/by-hand.ts');
	const {matches} = await import('../match.ts');
	const problem = problemOfName(name);
	if (problem) {
		throw new UsageError(problem, {remedy: 'swarmlab snapshot save before-the-drain'});
	}

	if (listSaved().some(each => each.name === name)) {
		throw new UsageError(`'${name}' is there already.`, {
			remedy: `Take another name, or remove it first: swarmlab snapshot remove ${name}`,
		});
	}

	const up = findUp(cell, matches);
	await requireSavable(up);
	const packages = await readPackages(await readConfig({}));
	const target = await targetOf(up, packages, print);
	const ready = await leaveMachines(up.handle);
	if (ready === false) {
		print('warning: not all nodes of the swarm are Ready; it is saved as it is');
	}

	const {onInterrupt} = await import('../run/interrupt.ts');
	// The machines stand still meanwhile. A process that ended now would leave them so.
	const interrupt = onInterrupt(signal => print(`${signal}: it ends as soon as the machines go on`));
	const saved = await saveCell(name, {handle: up.handle, target, ready: ready ?? false}, print).finally(() =>
		interrupt.stop(),
	);
	if (json) {
		printJson('snapshot', await rowOf(saved));
		return;
	}

	printAnswer(
		asTyped(`${saved.cell.id} is saved as '${name}', and goes on. Back to it: swarmlab snapshot restore ${name}`),
	);
}

/** Throws UsageError, or HarnessError if the LAN's switch does not answer. */
async function requireSavable(up: CellUp): Promise<void> {
	const {handle} = up;
	const {requireUsable} = await import('../run/on-cell.ts');
	const {providers} = await import('../providers/providers.ts');
	const {cell} = handle;
	if (!providers[cell.provider]?.snapshots?.keep) {
		throw new UsageError(`The machines of ${cell.id} cannot be saved: the provider ${cell.provider} cannot do that.`, {
			remedy:
				'Bring the same cell up as virtual machines: swarmlab up --provider qemu. Or keep what they show: swarmlab cp.',
		});
	}

	if (cell.services) {
		throw new UsageError(`The cell ${cell.id} has helper containers, and these cannot be saved.`, {
			remedy: 'Leave the services out of the config, and bring it up again: swarmlab up',
		});
	}

	await requireUsable(up);
	const {requireIdle} = await import('../run/proving.ts');
	await requireIdle(handle);
	const {faultsOn} = await import('../faults/on.ts');
	const faults = await faultsOn(up.handle);
	if (faults.length > 0) {
		const which = faults.map(({id, what}) => `${id} ${what}`).join('; ');
		throw new UsageError(`Faults are on in ${handle.run}, and would not be saved: ${which}.`, {
			remedy: 'swarmlab fault heal --all heals them. Put them on again after the restore.',
		});
	}
}

async function restore(name: string, {json}: SnapshotFlags): Promise<void> {
	const {findSaved, listSaved, requireRestorable} = await import('../run/saved.ts');
	const {bringUp} = await import('../run/by-hand.ts');
	const saved = findSaved(name, listSaved());
	requireRestorable(saved);
	const packages = await readPackages(await readConfig({}));
	const {handle} = await bringUp(saved.cell, {packages, origin: 'cluster snapshot', print, saved});
	if (json) {
		printJson('up', handle);
		return;
	}

	printAnswer(`${handle.cell.id} is up, as it was saved as '${name}':`);
	printAnswer(table(handle.machines.map(each => [`  ${each.name}`, each.role, each.address])));
}

async function remove(name: string, {json}: SnapshotFlags): Promise<void> {
	const {findSaved, listSaved, savedFolder} = await import('../run/saved.ts');
	const {foldersInUse} = await import('../store/in-use.ts');
	const {rm} = await import('node:fs/promises');
	const paths = await import('../paths.ts');
	const saved = findSaved(name, listSaved());
	const row = await rowOf(saved);
	if ((await foldersInUse(paths.saved)).has(savedFolder(name))) {
		throw new UsageError(`A cell that is up was restored from '${name}', and its disks are based on it.`, {
			remedy: 'Take that cell down first: swarmlab status shows it.',
		});
	}

	await rm(savedFolder(name), {recursive: true});
	if (json) {
		printJson('snapshot', row);
		return;
	}

	printAnswer(`'${name}' is removed: ${inBytes(row.bytes)}`);
}

async function list({json}: SnapshotFlags): Promise<void> {
	const {listSaved} = await import('../run/saved.ts');
	const rows = await Promise.all(listSaved().map(rowOf));
	if (json) {
		printJson('snapshot-list', rows);
		return;
	}

	printAnswer(
		rows.length === 0
			? asTyped('Nothing is saved. Save the cell that is up: swarmlab snapshot save NAME')
			: table([
					['NAME', 'SIZE', 'SAVED', 'CELL', 'NODES'],
					...rows.map(each => [each.name, inBytes(each.bytes), ago(Date.parse(each.savedAt)), each.cell, each.nodes]),
				]),
	);
}

/** A cell that is saved. */
export interface SavedRow {
	name: string;
	/** ISO 8601, UTC. */
	savedAt: string;
	/** Id of the cell. */
	cell: string;
	/** `2 of 28.5.2`. */
	nodes: string;
	/** Whether its swarm was ready. */
	ready: boolean;
	/** On the disk. */
	bytes: number;
	folder: string;
}

async function rowOf({name, savedAt, cell, ready}: SavedCell): Promise<SavedRow> {
	const {savedFolder} = await import('../run/saved.ts');
	const {bytesIn} = await import('../run/usage.ts');
	const nodes = `${cell.nodes.length} of ${uniform(cell, ({engine}) => engine.label)}`;
	return {name, savedAt, cell: cell.id, nodes, ready, bytes: bytesIn(savedFolder(name)), folder: savedFolder(name)};
}
