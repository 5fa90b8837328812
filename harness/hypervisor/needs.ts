/** What this host needs to run machines with QEMU. Every provider needs it, because a machine of QEMU finishes its artifacts. */
import {execa} from 'execa';
import type {Check} from '../host/check.ts';
import {type HostNeeds, versionPatienceMs} from '../host/needs.ts';
import {qemuBinary} from './qemu.ts';

/** First version with the socket network between machines (`-netdev stream`). */
const oldestQemu = [7, 2] as const;

export const hypervisorNeeds: HostNeeds = {
	tools: [
		{command: qemuBinary, package: 'qemu-system-x86', use: 'runs the machines'},
		{command: 'qemu-img', package: 'qemu-utils', use: 'copy-on-write disks'},
	],
	async look(find) {
		const program = find(qemuBinary);
		// The check of the tools already reports a missing program. Its version is checked after the installation.
		return program ? [versionCheck(await firstLine(program))] : [];
	},
};

async function firstLine(program: string): Promise<string | undefined> {
	const {stdout, failed} = await execa(program, ['--version'], {reject: false, timeout: versionPatienceMs});
	return failed ? undefined : String(stdout).split('\n')[0];
}

/** Checks QEMU's version. @param said first line of `--version`; undefined if QEMU does not run. Pure. */
export function versionCheck(said: string | undefined): Check {
	const [, major, minor] = /version (\d+)\.(\d+)/.exec(said ?? '')?.map(Number) ?? [];
	const [oldMajor, oldMinor] = oldestQemu;
	const fits = major !== undefined && (major > oldMajor || (major === oldMajor && minor! >= oldMinor));
	return {
		name: 'QEMU version',
		state: fits ? 'ok' : 'missing',
		seen: said ?? 'it does not run',
		needed: `${oldestQemu.join('.')} or newer`,
		...(fits
			? {}
			: {remedy: 'Use a newer release of the distribution (Debian 12, Ubuntu 24.04), or put a newer QEMU on PATH.'}),
	};
}
