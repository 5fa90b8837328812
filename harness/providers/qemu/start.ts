/** One QEMU process: started, watched while it boots, ended. */
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
	/** Port of 127.0.0.1 that leads to the machine's ssh. */
	sshPort: number;
	/** Port of 127.0.0.1 that leads to the machine's Docker API. */
	dockerPort: number;
	/** Epoch milliseconds. */
	startedAtMs: number;
	/** Why QEMU ended, once it has. */
	exitReason(): string | undefined;
	/** The same, when it does. */
	exited: Promise<string>;
}

/** Makes the machine's own disk: a qcow2 overlay, so the artifact below is never written to. */
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

/** Its last words. The folder may be gone by the time that QEMU ends: a cell that is taken down is removed at once. */
function lastWordsIn(log: string): string {
	try {
		return fs.readFileSync(log, 'utf8').trim() || 'it said nothing';
	} catch {
		return 'its log is gone';
	}
}

/**
 * What QEMU allocates comes in huge pages and in large steps (glibc's manual, "Memory Allocation Tunables"): of the 7000
 * page faults of its start some 4000 go, each of them dear on a host that is a virtual machine itself.
 */
const mallocTunables = 'glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864:glibc.malloc.mmap_threshold=33554432';

/**
 * Where QEMU hears the state that it is to take in: a descriptor, as a command to read the file would be a fork of QEMU.
 * It is the end of a pipe, as newer ones take no file there ("migration to a file is not supported"; seen with 11.1), and
 * older ones than 8.2 do not open one by themselves (`file:`).
 */
export const stateDescriptor = 3;

/**
 * Starts QEMU and waits until it runs the guest, or waits for what it is to take in: a few hundredths of a second.
 * @param state file of a frozen machine's state
 */
export async function startQemu(parts: MachineParts, state?: string): Promise<StartedQemu> {
	const {name} = parts.station;
	const log = path.join(path.dirname(parts.console), 'qemu.log');
	// An earlier attempt left its own; they would be taken for this one's.
	for (const socket of [qmpSocket, agentSocket, identitySocket]) {
		fs.rmSync(socket(parts.runtime, name), {force: true});
	}

	const output = fs.openSync(log, 'w');
	// Opened now: a file that is not there is then no riddle of QEMU's.
	const incoming = state === undefined ? undefined : fs.createReadStream('', {fd: fs.openSync(state, 'r')});
	const startedAtMs = Date.now();
	// Its own process group: a Ctrl-C on the terminal is for the harness, which ends machines in its order.
	const child = spawn(qemuBinary, qemuArguments(parts), {
		detached: true,
		stdio: ['ignore', output, output, ...(incoming ? ['pipe' as const] : [])],
		env: {...process.env, GLIBC_TUNABLES: variable('GLIBC_TUNABLES') ?? mallocTunables},
	});
	fs.closeSync(output);
	if (incoming) {
		// One that ends before it has read all says why by itself.
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

/** Milliseconds. The end of a process is heard of a moment after its sockets close. */
const exitNoticeMs = 500;

/** Does what QEMU has its part in. Where it has ended meanwhile, why it did is what went wrong. Throws MachineError then. */
export async function withExitReason<T>(qemu: StartedQemu, name: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const end = await Promise.race([qemu.exited, delay(exitNoticeMs, undefined, {ref: false})]);
		throw end ? new MachineError(name, end, {cause: error}) : error;
	}
}

/** The socket is not there yet, or is bound and nobody listens on it yet: between the two QEMU may lose its CPU. */
function isOpening(error: unknown): boolean {
	const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
	return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/**
 * Watches a boot until `ready` settles. Rejects as soon as waiting is hopeless: QEMU ended, the guest said that
 * it cannot go on, its console fell silent, or the time is up. Also when `signal` is given.
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
				qemu.exitReason() ??
				(fatal && `The guest gave up: ${fatal}`) ??
				(await troubleOf(name, parts.runtime, quiet)) ??
				(!bootIsOver.test(now) && quiet > limits.silentConsole
					? `The boot hangs: its console has said nothing for ${quiet.toFixed(0)} s (last milestone: ${now})`
					: undefined) ??
				(seconds > limits.boot
					? `Its Docker API did not answer in ${limits.boot} s (last milestone: ${now})`
					: undefined);
			if (why) {
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

/** A guest that QEMU has stopped says nothing any more: only then is QEMU asked. */
async function troubleOf(name: string, runtime: string, quiet: number): Promise<string | undefined> {
	const why = quiet > 2 ? await whyStopped(name, runtime) : undefined;
	return why && `It ${why}`;
}

/** Waits until the console says that the daemon listens: a question before that would wait for its own time-out. */
export async function untilDockerStarts(console: string, signal: AbortSignal): Promise<void> {
	while (!signal.aborted && milestone(console) !== 'dockerd started') {
		await delay(50, undefined, {signal}).catch(() => {});
	}
}

/** From these milestones on the console has nothing more to say, so its silence means nothing. */
const bootIsOver = /sshd up|dockerd started/;
