/** Cells that a person has saved by name, with what is on them. No other process removes them. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, UsageError} from '../errors.ts';
import {Machine} from '../machine/index.ts';
import {type Cell, type CellHandle, membersIn, type SubjectHandle} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import * as paths from '../paths.ts';
import type {RestoreSource} from '../providers/provider.ts';
import {list, number, object, readStored, text} from '../shape.ts';
import {proveReady} from '../swarm/index.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {SetUp} from './methods.ts';
import type {Target} from './request.ts';
import {machineRecipe, requireFreeDisk} from './snapshot.ts';

/** Increase it when this version cannot restore older ones. */
const schema = 1;

export interface SavedCell {
	schema: number;
	name: string;
	/** ISO 8601, UTC. */
	savedAt: string;
	cell: Cell;
	subject: SubjectHandle;
	/** What each machine depends on, by name. */
	recipes: Record<string, Record<string, unknown>>;
	/** Whether all nodes of its swarm were Ready: then they are after a restore, too. */
	ready: boolean;
}

const descriptionFile = 'saved.json';
const named = object<{schema: number; name: string; savedAt: string; cell: {id: string; nodes: unknown[]}}>({
	schema: number,
	name: text(),
	savedAt: text(),
	cell: object({id: text(), nodes: list((value: unknown) => value)}),
});

/** Returns why a text is no name of a saved cell; undefined if it is one. It is the name of a folder. Pure. */
export function problemOfName(name: string): string | undefined {
	return /^[a-z\d][a-z\d._-]{0,62}$/i.test(name)
		? undefined
		: `'${name}' is no name: letters, digits, '.', '_' and '-', at most 63, of which the first is a letter or a digit.`;
}

export function savedFolder(name: string): string {
	return path.join(paths.saved, name);
}

/** Returns all that are saved, the oldest first. One that cannot be read is left out. */
export function listSaved(): SavedCell[] {
	return namesIn(paths.saved)
		.flatMap(name => readStored(path.join(savedFolder(name), descriptionFile), named).value ?? [])
		.map(value => value as unknown as SavedCell)
		.sort((a, b) => a.savedAt.localeCompare(b.savedAt));
}

function namesIn(folder: string): string[] {
	return fs.existsSync(folder)
		? fs.readdirSync(folder).filter(name => problemOfName(name) === undefined && !/\.building-\d+$/.test(name))
		: [];
}

/** Returns one by its name. Throws UsageError with the nearest. Pure. */
export function findSaved(name: string, all: readonly SavedCell[]): SavedCell {
	const found = all.find(each => each.name === name);
	if (!found) {
		const [near] = nearest(
			name,
			all.map(each => each.name),
			1,
		);
		throw new UsageError(`Nothing is saved as '${name}'.${near ? ` Did you mean '${near}'?` : ''}`, {
			remedy: all.length > 0 ? 'swarmlab snapshot list' : 'swarmlab snapshot save NAME saves the cell that is up.',
		});
	}

	return found;
}

/** Throws UsageError if another version has saved it in another form. Pure. */
export function requireRestorable({name, schema: its}: SavedCell): void {
	if (its !== schema) {
		throw new UsageError(`'${name}' was saved by another version of swarmlab.`, {
			remedy: `Use that version, or remove it: swarmlab snapshot remove ${name}`,
		});
	}
}

/**
 * Closes the connections to the machines, so that none is saved. Returns whether all nodes of the swarm are Ready; undefined
 * where there is no swarm.
 */
export async function leaveMachines({machines: handles, subject}: CellHandle): Promise<boolean | undefined> {
	const machines = handles.map(each => new Machine(each));
	const ready =
		'swarm' in subject
			? await proveReady(membersIn(machines)).then(
					() => true,
					() => false,
				)
			: undefined;
	await Promise.all(machines.map(async machine => machine.disconnect()));
	return ready;
}

/**
 * Saves the machines of a cell that is up, which go on. Throws HarnessError; then nothing is saved.
 * @param ready whether all nodes of its swarm are Ready
 */
export async function saveCell(
	name: string,
	{handle, target, ready}: {handle: CellHandle; target: Target; ready: boolean},
	log: (doing: string) => void,
): Promise<SavedCell> {
	const {cell, subject, machines} = handle;
	const recipes = await recipesOf(target);
	const folder = `${savedFolder(name)}.building-${process.pid}`;
	fs.mkdirSync(folder, {recursive: true, mode: 0o700});
	try {
		await requireFreeDisk(
			folder,
			cell.nodes.reduce((sum, {memory}) => sum + memory, 0),
		);
		await target.provider.snapshots!.keep!({machines, artifacts: target.artifacts, folder, log});
		const saved: SavedCell = {schema, name, savedAt: new Date().toISOString(), cell, subject, recipes, ready};
		writeAtomically(path.join(folder, descriptionFile), `${JSON.stringify(saved, undefined, '\t')}\n`);
		fs.renameSync(folder, savedFolder(name));
		return saved;
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}

async function recipesOf(target: Target): Promise<SavedCell['recipes']> {
	const all = target.cell.nodes.map(async node => [node.name, await machineRecipe(target, node)] as const);
	return Object.fromEntries(await Promise.all(all));
}

/** Throws HarnessError if its machines would not find the kernel, the disk of the engine or the QEMU that they were saved with. */
export async function requireSame({name, recipes}: SavedCell, target: Target): Promise<void> {
	const differs = differences(recipes, await recipesOf(target));
	if (differs.length > 0) {
		throw new HarnessError(`'${name}' cannot be restored: since it was saved, ${differs.join(', ')} changed.`, {
			remedy: `Bring the cell up anew (swarmlab up), and remove this one: swarmlab snapshot remove ${name}`,
		});
	}
}

const words: Record<string, string> = {
	kernel: 'the files of the kernel',
	engine: 'the disk of the engine',
	provider: 'QEMU, its options or the processor',
	variant: 'the variant',
	format: 'how swarmlab saves machines',
};

/** Returns what differs, in words, each once. Pure. */
export function differences(before: SavedCell['recipes'], now: SavedCell['recipes']): string[] {
	const parts = Object.keys(before).flatMap(node =>
		Object.keys({...before[node], ...now[node]}).filter(
			part => JSON.stringify(before[node]?.[part]) !== JSON.stringify(now[node]?.[part]),
		),
	);
	return [...new Set(parts)].map(part => words[part] ?? part);
}

/** What each machine is restored from. */
export function sourceOf({name, cell}: SavedCell): RestoreSource {
	return Object.fromEntries(
		cell.nodes.map(node => [node.name, {folder: savedFolder(name), memoryInState: true as const}]),
	);
}

/** The swarm is as it was: where all nodes were Ready, it waits until they are again. */
export function setUpOf({subject, ready}: SavedCell): SetUp {
	return async up => {
		if (ready) {
			await proveReady(membersIn(up.machines.map(handle => new Machine(handle))));
		}

		return {subject, metrics: {}};
	};
}
