/** Proves on a cell that is up already: no machine is started for it, and none is taken down. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {explain, HarnessError, NotApplicable, UsageError} from '../errors.ts';
import {connect, isAlive} from '../machine/index.ts';
import type {CellHandle, MachineHandle, PlannedScenario} from '../model/index.ts';
import {requireReachable} from '../provision/cell-file.ts';
import {filesWithImports} from '../relative-imports.ts';
import {workspace} from '../workspace.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {CellUp} from './by-hand.ts';
import type {RunDependencies} from './dependencies.ts';

/** Throws UsageError with the first reason why nothing can be proven on a cell: it has ended, or does not answer. */
export async function requireUsable(
	{handle}: CellUp,
	reach: (machine: MachineHandle) => Promise<unknown> = connect,
): Promise<void> {
	requireReachable(handle);
	const {id} = handle.cell;
	const remedy = `swarmlab down ${handle.run}; swarmlab up`;
	const dead = handle.machines.filter(machine => !isAlive(machine)).map(({name}) => name);
	if (dead.length > 0) {
		throw new UsageError(`The cell ${id} (${handle.run}) has died: the process of ${dead.join(', ')} has ended.`, {
			remedy,
		});
	}

	const answers = await Promise.allSettled(handle.machines.map(async machine => reach(machine)));
	const silent = answers.find(each => each.status === 'rejected');
	if (silent) {
		const [why] = explain(silent.reason).split('\n');
		throw new UsageError(`The cell ${id} (${handle.run}) does not answer: ${why}`, {remedy, cause: silent.reason});
	}
}

/** Returns the file that describes the fixture on a swarm in this folder. */
export function fixtureFileOf({folder}: Pick<CellHandle, 'folder'>): string {
	return path.join(folder, 'fixture.json');
}

/**
 * Returns what a run uses in place of artifacts and provisioning: the machines of the cell. A scenario that changed them ends
 * the run on this cell, as there is no other one.
 */
export function onCell(
	handle: CellHandle,
	scenarios: readonly PlannedScenario[],
	dependencies: RunDependencies,
): RunDependencies {
	let isUsed = false;
	return {
		...dependencies,
		createArtifactSource: () => ({
			forCell: async () => ({}),
			forHelpers: async () => ({}),
			async untilIdle() {},
		}),
		async provision({init}) {
			if (init) {
				throw new NotApplicable(
					`it forms a swarm with options of its own, and the swarm of ${handle.run} is formed already`,
				);
			}

			if (isUsed) {
				throw new HarnessError(`A scenario changed ${handle.run}, and no other cell takes its place.`, {
					remedy: `swarmlab down ${handle.run}; swarmlab up`,
				});
			}

			isUsed = true;
			discardChangedFixture(handle, scenarios);
			const {machines, lan, helpers, subject, origin} = handle;
			const up = {
				...{machines, lan, helpers, bootSeconds: {}},
				troubles: async () =>
					machines.filter(machine => !isAlive(machine)).map(({name}) => `${name}: its process has ended`),
				execOutOfBand: () => Promise.reject(new HarnessError('A cell that is up is reached by its network alone.')),
				down: async () => [],
			};
			return {up, subject, origin, metrics: {}};
		},
	};
}

/**
 * Forgets the fixture on a cell if the file that declares it, or what that imports, is not as it was when the last run on this
 * cell began. The scenario process then removes it, and makes it anew.
 */
function discardChangedFixture(handle: CellHandle, scenarios: readonly PlannedScenario[]): void {
	const file = fixtureFileOf(handle);
	const sums = `${file}.sums`;
	const key = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as {key: string}).key : undefined;
	const before = fs.existsSync(sums) ? (JSON.parse(fs.readFileSync(sums, 'utf8')) as Record<string, string>) : {};
	const [declared] = Object.keys(before).filter(name => key?.startsWith(`${name}: `));
	if (key !== undefined && (declared === undefined || before[declared] !== sumOf(declared))) {
		fs.rmSync(file, {force: true});
	}

	const names = new Set(scenarios.flatMap(({fixture}) => fixture?.file ?? []));
	const now = {...before, ...Object.fromEntries([...names].map(name => [name, sumOf(name)]))};
	writeAtomically(sums, `${JSON.stringify(now, undefined, '\t')}\n`);
}

function sumOf(name: string): string {
	const sum = createHash('sha256');
	for (const each of [...filesWithImports(path.resolve(workspace, name))].sort()) {
		sum.update(`${each}\0`).update(fs.readFileSync(each));
	}

	return sum.digest('hex');
}
