/** A machine that does one task and powers itself off: it builds an image, or proves an accelerator. */
import {execa} from 'execa';
import {HostError, MachineError} from '../errors.ts';
import {consoleTail} from '../machine/index.ts';
import {type Accelerator, acceleration, disk, qemuBinary} from './qemu.ts';

/** A machine and its task. */
export interface BootOnceOptions {
	/** Name of the machine in errors. */
	name: string;
	/** Paths on this host. */
	kernel: string;
	initrd: string;
	/** Kernel command line. */
	append: string;
	/** Raw images, in the order of /dev/vda, /dev/vdb … */
	disks: {file: string; readonly?: boolean}[];
	/** MiB. */
	memoryMib: number;
	cpus: number;
	/** File for the whole output of the serial console. */
	console: string;
	/** Seconds. */
	timeout: number;
	accelerator: Accelerator;
	/** Kills the machine before it is done. */
	signal?: AbortSignal;
}

/**
 * Runs QEMU until the guest powers off. The caller must look into the console for the success of the task, because QEMU
 * also ends without an error when the guest panics. When this function returns or throws, its QEMU has ended.
 * @throws HostError without QEMU; MachineError with the console's last lines for any other failure, after `timeout` seconds
 * at the latest
 */
export async function bootOnce(options: BootOnceOptions): Promise<void> {
	const {timeout, console, name} = options;
	const result = await execa(qemuBinary, onceArguments(options), {
		stdin: 'ignore',
		all: true,
		reject: false,
		timeout: timeout * 1000,
		killSignal: 'SIGKILL',
		...(options.signal ? {cancelSignal: options.signal} : {}),
	});
	if (!result.failed) {
		return;
	}

	if (result.code === 'ENOENT') {
		throw new HostError(`${qemuBinary} is not installed`, {remedy: 'swarmlab doctor --fix', cause: result});
	}

	const why = result.timedOut
		? `It was not done after ${timeout} s`
		: result.isCanceled
			? 'It was ended before it was done'
			: `QEMU ended with ${result.signal ?? `exit code ${result.exitCode}`}: ${result.all?.trim() || 'it said nothing'}`;
	const tail = consoleTail(console);
	const last = tail.length > 0 ? `. Last lines of its console:\n${tail.join('\n')}` : '; its console is empty.';
	throw new MachineError(name, why + last, {consoleTail: tail, cause: result});
}

/** Returns the arguments of QEMU. There is no network, because no such task needs one. */
function onceArguments({
	accelerator,
	kernel,
	initrd,
	append,
	disks,
	memoryMib,
	cpus,
	console,
}: BootOnceOptions): string[] {
	return [
		['-M', 'pc'],
		...acceleration(accelerator),
		['-smp', String(cpus)],
		['-m', String(memoryMib)],
		['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
		['-serial', `file:${console}`],
		['-kernel', kernel],
		['-initrd', initrd],
		['-append', append],
		...disks.flatMap(({file, readonly}, index) =>
			disk(`disk${index}`, file, readonly ? 'format=raw,readonly=on' : 'format=raw,cache=unsafe,discard=unmap'),
		),
		['-device', 'virtio-rng-pci'],
	].flat();
}
