/** Calls virsh, libvirt's own command, for what Vagrant's plugin cannot do, or cannot do quickly. */
import fs from 'node:fs';
import {execa} from 'execa';
import {CommandError, HostError} from '../../errors.ts';
import {limits} from '../../limits.ts';

/** Defaults of the plugin. */
const uri = 'qemu:///system';
export const pool = 'default';
const poolFolder = '/var/lib/libvirt/images';

interface VirshResult {
	exitCode: number | undefined;
	stdout: string;
	stderr: string;
}

/** Runs virsh and returns the result, also of a failed call. Throws HostError if virsh or libvirtd is missing. */
export async function tryVirsh(words: readonly string[], limit: number = limits.virsh): Promise<VirshResult> {
	const {exitCode, stdout, stderr, code} = await execa('virsh', ['-q', '-c', uri, ...words], {
		reject: false,
		stdin: 'ignore',
		timeout: limit * 1000,
		env: {LC_ALL: 'C'},
	});
	if (code === 'ENOENT') {
		throw new HostError("virsh, libvirt's command, is not installed", {
			remedy: 'swarmlab doctor --provider vagrant --fix',
		});
	}

	if (/failed to connect to the hypervisor/.test(stderr)) {
		throw new HostError(`libvirtd does not answer: ${stderr.trim()}`, {
			remedy:
				'systemctl start libvirtd; without systemd: virtlogd -d && libvirtd -d. A plain user must be in the group libvirt.',
		});
	}

	return {exitCode, stdout, stderr};
}

/** Runs virsh and returns its output. Throws CommandError with the error output if the call fails. */
export async function virsh(words: readonly string[], limit?: number): Promise<string> {
	const {exitCode, stdout, stderr} = await tryVirsh(words, limit);
	if (exitCode !== 0) {
		throw new CommandError(`virsh ${words.join(' ')}: ${stderr.trim() || `ended with ${exitCode ?? 'a signal'}`}`, {
			exitCode,
			output: stderr,
		});
	}

	return stdout;
}

/** Returns the names that a listing prints, one a line. */
export async function names(...words: string[]): Promise<string[]> {
	return (await virsh(words))
		.split('\n')
		.map(line => line.trim())
		.filter(Boolean);
}

/** Creates and starts the pool that Vagrant's plugin uses, as the plugin would, if it is missing or stopped. */
export async function ensurePool(): Promise<void> {
	const {exitCode, stdout} = await tryVirsh(['pool-info', pool]);
	if (exitCode !== 0) {
		await virsh(['pool-define-as', pool, 'dir', '--target', poolFolder]);
		await virsh(['pool-build', pool]);
	}

	if (exitCode !== 0 || !/^State:\s+running/m.test(stdout)) {
		await virsh(['pool-start', pool]);
	}
}

/** Returns the paths of the pool's volumes, by name. */
export async function volumes(): Promise<Map<string, string>> {
	const lines = await names('vol-list', pool);
	return new Map(lines.map(line => line.split(/\s+/) as [string, string]));
}

/**
 * Uploads a file into the pool, once, and returns its path there. A second volume marks it as complete, because the rest of
 * an interrupted upload would be mistaken for the file. The caller must hold a lock.
 */
export async function ensureVolume(name: string, file: string, format: 'raw' | 'qcow2'): Promise<string> {
	const mark = `${name}.whole`;
	const there = await volumes();
	if (there.has(name) && there.has(mark)) {
		return there.get(name)!;
	}

	if (there.has(name)) {
		await virsh(['vol-delete', '--pool', pool, name]);
	}

	await virsh(['vol-create-as', pool, name, String(fs.statSync(file).size), '--format', format]);
	await virsh(['vol-upload', '--pool', pool, name, file], limits.vagrantUp);
	await virsh(['vol-create-as', pool, mark, '1', '--format', 'raw']);
	return (await volumes()).get(name)!;
}
