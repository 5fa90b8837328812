/** A machine that does one thing and powers itself off: builds an image, proves an accelerator. */
import {execa} from 'execa';
import {HostError, MachineError} from '../errors.ts';
import {consoleTail} from '../machine/index.ts';
import {type Accelerator, acceleration, disk, qemuBinary} from './qemu.ts';

/** What a machine is and does until it powers itself off. */
export interface BootOnceOptions {
	/** Who it is in errors. */
	name: string;
	/** Paths on this host. */
	kernel: string;
	initrd: string;
	/** Kernel command line. */
	append: string;
	/** In the order of /dev/vda, /dev/vdb …; all are raw images. */
	disks: {file: string; readonly?: boolean}[];
	/** MiB. */
	memoryMib: number;
	cpus: number;
	/** File that the serial console is written to, from the first line on. */
	console: string;
	/** Seconds. */
	timeout: number;
	accelerator: Accelerator;
	/** Ends the machine before its time. */
	signal?: AbortSignal;
}

/**
 * Runs QEMU until the guest powers off. Whether the guest did its task is for the caller to read in the console:
 * a guest that panics ends QEMU with success, too. However this ends, the QEMU it started has ended.
 * @throws HostError without QEMU; MachineError with the console's last lines on any other end, at the latest after
 * `timeout` seconds
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

/** Arguments of QEMU. No network: nothing that is done once needs one. */
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
