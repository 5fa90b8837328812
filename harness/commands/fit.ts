/** Making this host fit for what a command starts: the last step before it, and never against the will of its owner. */
import {createInterface} from 'node:readline/promises';
import type {Command} from 'commander';
import {variable} from '../environment.ts';
import type {HostNeeds} from '../host/index.ts';
import {requirePlaces} from '../host/places.ts';
import {print} from './command.ts';

export interface InstallFlags {
	install?: boolean;
}

/** Adds the option that keeps apt away. */
export function addInstallOption(command: Command): Command {
	return command.option(
		'--no-install',
		'install nothing on this host: end with 69 and the command, where something lacks',
	);
}

/** What this host must have for these providers, by what each says of itself. */
export async function needsOf(providerNames: readonly string[]): Promise<HostNeeds[]> {
	const {hypervisorNeeds} = await import('../hypervisor/needs.ts');
	const {providers} = await import('../providers/providers.ts');
	return [hypervisorNeeds, ...providerNames.flatMap(name => providers[name]?.needs ?? [])];
}

/** Installs what this host lacks, and makes the folders that are written to. Throws HostError. */
export async function prepareHost({install}: InstallFlags, needs: readonly HostNeeds[]): Promise<void> {
	requirePlaces(['cache', 'state', 'runtime', 'runs']);
	const {ensureHost} = await import('../host/index.ts');
	await ensureHost(print, needs, async packages => install !== false && consents(packages));
}

/** Who sits at a terminal is asked; a CI has said so by running it. */
async function consents(packages: readonly string[]): Promise<boolean> {
	if (!process.stdin.isTTY || !process.stderr.isTTY || variable('CI')) {
		return true;
	}

	const line = createInterface({input: process.stdin, output: process.stderr});
	// Ctrl-D, and Ctrl-C, which a line under edit keeps for itself.
	const nothing = new Promise<string>(resolve =>
		line.once('close', () => resolve('n')).once('SIGINT', () => line.close()),
	);
	try {
		const answer = await Promise.race([
			line.question(`This host lacks ${packages.join(', ')}. Install by apt? [y/N] `),
			nothing,
		]);
		return /^y(es)?$/i.test(answer.trim());
	} finally {
		line.close();
	}
}
