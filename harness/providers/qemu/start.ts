/** Starts one QEMU process and watches its boot. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {setTimeout as delay} from 'node:timers/promises';
import {execa} from 'execa';
import {variable} from '../../environment.ts';
import {HarnessError, HostError, MachineError} from '../../errors.ts';
import {fatalLine, milestone, silence} from '../../guest/console.ts';
import {qemuBinary} from '../../hypervisor/qemu.ts';
import {limits} from '../../limits.ts';
import {consoleTail} from '../../machine/index.ts';
import {agentSocket, controlNetwork, identitySocket, type MachineParts, qemuArguments, qmpSocket} from './arguments.ts';
import {forwardedPorts} from './qmp.ts';
import {whyStopped} from './troubles.ts';

export interface StartedQemu {
	pid: number;
	/** Port of 127.0.0.1 that is forwarded to the machine's ssh. */
	sshPort: number;
	/** Port of 127.0.0.1 that is forwarded to the machine's Docker API. */
	dockerPort: number;
	/** Epoch milliseconds. */
	startedAtMs: number;
	/** Returns why QEMU ended; undefined while it runs. */
	exitReason(): string | undefined;
	/** Resolves with this reason when QEMU ends. */
	exited: Promise<string>;
}

/** Makes the machine's own disk: a qcow2 overlay, so that nothing writes to the artifact below it. */
export async function createDisk(file: string, backing: string, format: 'raw' | 'qcow2' = 'raw'): Promise<void> {
	const result = await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', format, '-b', backing, file], {
		reject: false,
		all: true,
	});
	if (result.failed) {
		throw new HarnessError(`Cannot make the machine's disk ${file}: ${result.all || result.message}`, {
			remedy: /No space left/.test(result.all ?? '')
				? `Free some room on the disk that holds ${path.dirname(file)}`
				: undefined,
		});
	}
}

/** Returns QEMU's output. The log may be missing, because the folder of a cell is removed as soon as the cell is taken down. */
function lastWordsIn(log: string): string {
	try {
		return fs.readFileSync(log, 'utf8').trim() || 'it said nothing';
	} catch {
		return 'its log is gone';
	}
}

/**
 * Makes QEMU allocate memory in huge pages and large steps (glibc's manual, "Memory Allocation Tunables"). This avoids some 4000
 * of the 7000 page faults of its start, each of which is expensive if this host is a virtual machine itself.
 */
const mallocTunables = 'glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864:glibc.malloc.mmap_threshold=33554432';

/**
 * File descriptor from which QEMU reads the state to load. A command that reads the file would need a fork of QEMU.
 * The descriptor is a pipe, because newer versions accept no file there ("migration to a file is not supported"; seen with
 * 11.1), and versions before 8.2 cannot open a file themselves (`file:`).
 */
export const stateDescriptor = 3;

/**
 * Starts QEMU and waits until the guest runs, or until QEMU waits for a state to load: a few hundredths of a second.
 * @param state file with the state of a saved machine
 */
export async function startQemu(parts: MachineParts, state?: string): Promise<StartedQemu> {
	const {name} = parts.station;
	const log = path.join(path.dirname(parts.console), 'qemu.log');
	// Remove the sockets of an earlier attempt. They would be mistaken for those of this one.
	for (const socket of [qmpSocket, agentSocket, identitySocket]) {
		fs.rmSync(socket(parts.runtime, name), {force: true});
	}

	const output = fs.openSync(log, 'w');
	// Opened here, so that a missing file is a clear error and not an obscure one of QEMU.
	const incoming = state === undefined ? undefined : fs.createReadStream('', {fd: fs.openSync(state, 'r')});
	const startedAtMs = Date.now();
	// Its own process group: Ctrl-C on the terminal must reach only the harness, which ends the machines in order.
	const child = spawn(qemuBinary, qemuArguments(parts), {
		detached: true,
		stdio: ['ignore', output, output, ...(incoming ? ['pipe' as const] : [])],
		env: {...process.env, GLIBC_TUNABLES: variable('GLIBC_TUNABLES') ?? mallocTunables},
	});
	fs.closeSync(output);
	if (incoming) {
		// If QEMU ends before it has read all, it reports the reason itself.
		pipeline(incoming, child.stdio[stateDescriptor] as Writable).catch(() => {});
	}

	let why: string | undefined;
	const exited = new Promise<string>(resolve => {
		const ended = (heard: string) => {
			why = heard;
			resolve(heard);
		};
		child.once('error', error => ended(error.message));
		child.once('exit', (code, signal) =>
			ended(`QEMU ended with ${signal ?? `exit code ${code}`}: ${lastWordsIn(log)}`),
		);
	});
	child.unref();
	const until = Date.now() + limits.qemuStart * 1000;
	let ports: Map<number, number> | undefined;
	while (!ports) {
		await delay(10);
		if (why?.includes('ENOENT')) {
			throw new HostError(`${qemuBinary} is not installed`, {remedy: 'swarmlab doctor --fix'});
		}

		if (why || Date.now() > until) {
			throw new MachineError(name, why ?? `QEMU opened no control socket in ${limits.qemuStart} s`);
		}

		ports = await forwardedPorts({name, runtime: parts.runtime}).catch((error: unknown) => {
			if (isOpening(error)) {
				return undefined;
			}

			throw new MachineError(name, why ?? 'QEMU does not answer on its control socket', {cause: error});
		});
	}

	const [sshPort, dockerPort] = [ports.get(controlNetwork.ssh), ports.get(controlNetwork.docker)];
	if (!sshPort || !dockerPort) {
		throw new MachineError(name, `QEMU forwards no port to it; it forwards ${JSON.stringify([...ports])}`);
	}

	return {pid: child.pid!, sshPort, dockerPort, startedAtMs, exitReason: () => why, exited};
}

/** Milliseconds. Node reports the end of a process a moment after its sockets close. */
const exitNoticeMs = 500;

/** Does work that needs QEMU. If it fails and QEMU has ended, throws MachineError with the reason why QEMU ended. */
export async function withExitReason<T>(qemu: StartedQemu, name: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const end = await Promise.race([qemu.exited, delay(exitNoticeMs, undefined, {ref: false})]);
		throw end ? new MachineError(name, end, {cause: error}) : error;
	}
}

/** Whether the socket does not exist yet, or is bound but not listening yet: QEMU may lose its CPU between the two. */
function isOpening(error: unknown): boolean {
	const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
	return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/**
 * Watches a boot until `ready` settles. Rejects as soon as waiting is hopeless: QEMU has ended or stopped the guest, the guest
 * has reported a fatal error, its console is silent, or the time is up. Also rejects when `signal` aborts.
 */
export async function watchBoot<T>(
	parts: MachineParts,
	qemu: StartedQemu,
	signal: AbortSignal,
	ready: (signal: AbortSignal) => Promise<T>,
	onProgress: (doing: string) => void,
): Promise<T> {
	const giveUp = new AbortController();
	const {name} = parts.station;
	const fail = (why: string) => new MachineError(name, why, {consoleTail: consoleTail(parts.console)});
	const watch = async () => {
		for (let said = ''; !giveUp.signal.aborted; await delay(200)) {
			signal.throwIfAborted();
			const seconds = (Date.now() - qemu.startedAtMs) / 1000;
			const now = milestone(parts.console);
			if (now !== said) {
				said = now;
				onProgress(now);
			}

			const quiet = silence(parts.console, qemu.startedAtMs);
			const fatal = fatalLine(parts.console);
			const why =
				// QEMU ends when the guest's kernel panics, so this comes first.
				(fatal && `The guest gave up: ${fatal}`) ??
				qemu.exitReason() ??
				(await troubleOf(name, parts.runtime, quiet)) ??
				(!bootIsOver.test(now) && quiet > limits.silentConsole
					? `The boot hangs: its console has said nothing for ${quiet.toFixed(0)} s (last milestone: ${now})`
					: undefined) ??
				(seconds > limits.boot
					? `Its Docker API did not answer in ${limits.boot} s (last milestone: ${now})`
					: undefined);
			if (why) {
				// The guest may still be writing the rest of its reason.
				await delay(fatal ? 500 : 0);
				throw fail(why);
			}
		}
	};

	try {
		return (await Promise.race([ready(giveUp.signal), watch()])) as T;
	} finally {
		giveUp.abort();
	}
}

/** Returns why QEMU has stopped the guest. A stopped guest writes nothing, so QEMU is asked only when the console is silent. */
async function troubleOf(name: string, runtime: string, quiet: number): Promise<string | undefined> {
	const why = quiet > 2 ? await whyStopped(name, runtime) : undefined;
	return why && `It ${why}`;
}

/** Waits until the console says that dockerd has started. An earlier request would wait for its own timeout. */
export async function untilDockerStarts(console: string, signal: AbortSignal): Promise<void> {
	while (!signal.aborted && milestone(console) !== 'dockerd started') {
		await delay(50, undefined, {signal}).catch(() => {});
	}
}

/** After these milestones the console has no more output, or a command of a variant runs, so its silence means nothing. */
const bootIsOver = /sshd up|dockerd started|^variant: /;
