/**
 * Finds the accelerator that works on this host, by a boot. /dev/kvm may exist and fail at once
 * ("failed to set MSR"), or hang in the first steps of the guest. Only a boot shows this.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {limits} from '../limits.ts';
import * as paths from '../paths.ts';
import {writeAtomically} from '../write-atomically.ts';
import {acceleratorAsked} from './accelerator-asked.ts';
import {bootOnce} from './once.ts';
import {type Accelerator, qemuBinary} from './qemu.ts';

export interface Proof {
	accelerator: Accelerator;
	/** What was tried, and the result. */
	reason: string;
}

/** Kernel and initrd of any kernel artifact: the initrd answers `swarmlab.task=probe`. */
interface ProbeKernel {
	vmlinuz: string;
	initrd: string;
}

/** The initrd prints this after the task `probe`. */
const word = 'swarmlab: probe ok';

let version: Promise<string> | undefined;

/** Returns the version line of QEMU: `QEMU emulator version 7.2.22 (…)`. It is read once, as each machine needs it. */
export async function qemuVersion(): Promise<string> {
	version ??= execa(qemuBinary, ['--version']).then(({stdout}) => stdout.split('\n')[0]!);
	// Forget a failure, because QEMU may be installed later.
	version.catch(() => {
		version = undefined;
	});
	return version;
}

/**
 * Returns the accelerator to use, and boots a kernel with KVM to find out if that is not known yet. The result is stored for
 * each version of QEMU until the host reboots.
 */
export async function proveAccelerator(kernel: ProbeKernel): Promise<Proof> {
	const known = await provenAccelerator();
	if (known) {
		return known;
	}

	const seconds = await probe('kvm', kernel);
	const proof: Proof =
		typeof seconds === 'number'
			? {accelerator: 'kvm', reason: `a kernel booted with KVM in ${seconds.toFixed(1)} s`}
			: {accelerator: 'tcg', reason: `software emulation: /dev/kvm exists, but a boot with it failed: ${seconds}`};
	const [boot, qemu] = await proofKey();
	fs.mkdirSync(paths.cache, {recursive: true});
	const proofs = {boot, proofs: {...remembered(boot), [qemu]: proof}};
	writeAtomically(proofsFile(), `${JSON.stringify(proofs, undefined, '\t')}\n`);
	return proof;
}

/**
 * Returns what is known without a boot: the requested accelerator, that /dev/kvm cannot be opened, or an earlier proof.
 * The first two are not stored, because they can change at any time.
 */
export async function provenAccelerator(): Promise<Proof | undefined> {
	if (acceleratorAsked() === 'tcg') {
		return {accelerator: 'tcg', reason: 'SWARMLAB_ACCELERATOR=tcg asks for software emulation'};
	}

	try {
		fs.accessSync('/dev/kvm', fs.constants.R_OK | fs.constants.W_OK);
	} catch (error) {
		return {accelerator: 'tcg', reason: `software emulation: /dev/kvm cannot be used (${(error as Error).message})`};
	}

	const [boot, qemu] = await proofKey();
	return remembered(boot)[qemu];
}

/** Returns what a proof is valid for: this boot of the host, and this version of QEMU. */
async function proofKey(): Promise<[boot: string, qemu: string]> {
	return [fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), await qemuVersion()];
}

/** Returns the path of the proofs. They are in the cache, because they can be made again and serve all users of the cache. */
function proofsFile(): string {
	return path.join(paths.cache, 'accelerator.json');
}

/** Returns the stored proofs by version of QEMU; none if they are of another boot of the host, or cannot be read. */
function remembered(boot: string): Record<string, Proof> {
	try {
		const known = JSON.parse(fs.readFileSync(proofsFile(), 'utf8')) as {boot: string; proofs: Record<string, Proof>};
		return known.boot === boot ? (known.proofs ?? {}) : {};
	} catch {
		return {};
	}
}

/** Boots a kernel. Returns the seconds that it took, or why it failed. */
async function probe(accelerator: Accelerator, kernel: ProbeKernel): Promise<number | string> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-probe-'));
	const console = path.join(folder, 'console.log');
	const start = performance.now();
	try {
		await bootOnce({
			name: 'its machine',
			accelerator,
			kernel: kernel.vmlinuz,
			initrd: kernel.initrd,
			append: 'console=ttyS0 panic=-1 swarmlab.task=probe',
			disks: [],
			memoryMib: 256,
			cpus: 1,
			console,
			timeout: limits.acceleratorProbe,
		});
		const said = fs.readFileSync(console, 'utf8').includes(word);
		return said ? (performance.now() - start) / 1000 : `the guest ended without saying "${word}"`;
	} catch (error) {
		return (error as Error).message.split('\n')[0]!;
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
