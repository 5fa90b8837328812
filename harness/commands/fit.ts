/** Prepares this host for a command, as the last step before it. It installs nothing without the owner's consent. */
import type {Command} from 'commander';
import {variable} from '../environment.ts';
import type {HostNeeds} from '../host/index.ts';
import {requirePlaces} from '../host/places.ts';
import {onHostKernel} from '../providers/names.ts';
import {print} from './command.ts';

export interface InstallFlags {
	install?: boolean;
}

/** Adds the option that forbids installing by apt. */
export function addInstallOption(command: Command): Command {
	return command.option(
		'--no-install',
		'install nothing on this host: end with 69 and the command, where something lacks',
	);
}

/**
 * Returns what this host must have for these providers. Without any it is what QEMU's machines need. The hypervisor is left
 * out if no provider boots a kernel.
 */
export async function needsOf(providerNames: readonly string[]): Promise<HostNeeds[]> {
	const {hypervisorNeeds} = await import('../hypervisor/needs.ts');
	const {providers} = await import('../providers/providers.ts');
	const needs = providerNames.flatMap(name => providers[name]?.needs ?? []);
	return bootKernels(providerNames) ? [hypervisorNeeds, ...needs] : needs;
}

/** Returns whether machines of these providers boot a kernel, so that QEMU and an accelerator are needed. */
export function bootKernels(providerNames: readonly string[]): boolean {
	return providerNames.length === 0 || providerNames.some(name => !onHostKernel.includes(name));
}

/** Makes the folders that we write to, and installs what this host lacks. Throws HostError. */
export async function prepareHost({install}: InstallFlags, needs: readonly HostNeeds[]): Promise<void> {
	requirePlaces(['cache', 'state', 'runtime', 'runs']);
	const {ensureHost} = await import('../host/index.ts');
	await ensureHost(print, needs, async packages => install !== false && consents(packages));
}

/** Asks the user at a terminal. In a CI or without a terminal it returns true: starting the command there is the consent. */
async function consents(packages: readonly string[]): Promise<boolean> {
	if (!process.stdin.isTTY || !process.stderr.isTTY || variable('CI')) {
		return true;
	}

	const {createInterface} = await import('node:readline/promises');
	const line = createInterface({input: process.stdin, output: process.stderr});
	// Ctrl-D closes the line. While a line is edited, readline takes Ctrl-C for itself, so Ctrl-C closes the line, too.
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
