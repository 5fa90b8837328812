/**
 * Which accelerator works on this host: proven by a boot. /dev/kvm may exist and fail at once
 * ("failed to set MSR"), or hang in the first steps of the guest; both look fine until a kernel is booted.
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
	/** What was tried and what came of it. */
	reason: string;
}

/** Kernel and initrd of any kernel artifact: the initrd answers `swarmlab.task=probe`. */
interface ProbeKernel {
	vmlinuz: string;
	initrd: string;
}

/** What the initrd prints when it was asked to probe. */
const word = 'swarmlab: probe ok';

let version: Promise<string> | undefined;

/** Version line of the installed QEMU: `QEMU emulator version 7.2.22 (…)`. Asked once: it is wanted for each machine. */
export async function qemuVersion(): Promise<string> {
	version ??= execa(qemuBinary, ['--version']).then(({stdout}) => stdout.split('\n')[0]!);
	// It may be installed later.
	version.catch(() => {
		version = undefined;
	});
	return version;
}

/** The accelerator to use. What a boot with KVM came to is remembered for each QEMU until the host boots again. */
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
 * What is known without booting anything: what was asked for, that KVM cannot even be tried (neither is remembered, as both
 * can change at any time), or what an earlier proof said.
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

/** What a proof holds for: this boot of the host, and this QEMU. */
async function proofKey(): Promise<[boot: string, qemu: string]> {
	return [fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), await qemuVersion()];
}

/** With the artifacts: what can be found out again, for whoever uses them. */
function proofsFile(): string {
	return path.join(paths.cache, 'accelerator.json');
}

/** By QEMU; none when they are of another boot of the host, or cannot be read. */
function remembered(boot: string): Record<string, Proof> {
	try {
		const known = JSON.parse(fs.readFileSync(proofsFile(), 'utf8')) as {boot: string; proofs: Record<string, Proof>};
		return known.boot === boot ? (known.proofs ?? {}) : {};
	} catch {
		return {};
	}
}

/** Seconds that a boot took, or why it failed. */
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
