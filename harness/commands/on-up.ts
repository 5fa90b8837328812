/** `--on CELL`: the cell of a run is one that is up. */
import type {LoadedConfig} from '../config/load.ts';
import {UsageError} from '../errors.ts';
import {faultsOn} from '../faults/on.ts';
import {matches} from '../match.ts';
import {applicableScenarios} from '../plan/resolve.ts';
import {type CellUp, findUp} from '../run/by-hand.ts';
import {requireUsable} from '../run/on-cell.ts';
import {readScenarios} from './chosen.ts';
import {print} from './command.ts';
import {optionNames, type RunFlags} from './run-options.ts';

/** Options that say which scenarios are proven, how often, and where the results go. The others would choose another cell. */
const beside: readonly (keyof RunFlags)[] = [
	...([
		'on',
		'config',
		'filter',
		'grep',
		'grepInvert',
		'tag',
		'skipTag',
		'lastFailed',
		'maxFailures',
		'untilFailure',
	] as const),
	...(['repeat', 'seed', 'debug', 'json', 'evidence', 'output', 'reporter', 'install', 'attribute'] as const),
];

/** Returns a cell that is up, if the other options leave it as it is. Throws UsageError, also if the cell has died. */
export async function cellOn(on: string, flags: RunFlags): Promise<CellUp> {
	const others = (Object.keys(flags) as (keyof RunFlags)[]).filter(
		name => flags[name] !== undefined && !beside.includes(name),
	);
	if (others.length > 0) {
		throw new UsageError(
			`With --on the cell is up as it is, and stays up: leave out ${optionNames(others).join(', ')}.`,
			{
				remedy: 'swarmlab up brings up another cell.',
			},
		);
	}

	const up = findUp(on, matches);
	await requireUsable(up);
	await warnOfFaults(up);
	return up;
}

/** Reads the scenarios that are proven on a cell that is up. Throws UsageError, also if the cell has died. */
export async function readOn(on: string, loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const up = await cellOn(on, flags);
	const chosen = await readScenarios(loaded, files, flags);
	const cells = [up.handle.cell];
	return {...chosen, up, cells, scenarios: applicableScenarios(chosen.scenarios, cells)};
}

/** A fault that somebody has put on the cell would else be taken for one of the product. */
async function warnOfFaults(up: CellUp): Promise<void> {
	const faults = await faultsOn(up.handle);
	if (faults.length > 0) {
		const which = faults.map(({id, what}) => `${id} ${what}`).join('; ');
		print(`warning: faults are on in ${up.handle.run}: ${which}. swarmlab fault heal --all heals them.`);
	}
}
