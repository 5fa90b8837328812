/** The shared ssh connection to a machine: opened once, used by every process of this host. */
import fs from 'node:fs';
import path from 'node:path';
import {MachineError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {MachineHandle, SshHandle} from '../model/index.ts';
import {consoleTail} from './console.ts';
import {masterArguments, sshArguments} from './ssh.ts';

export interface ConnectOptions {
	/** Seconds to retry while sshd is not up yet. */
	limit?: number;
	signal?: AbortSignal;
}

/**
 * Opens the shared connection unless it is open. While sshd is not up yet, it retries four times a second; these retries do
 * not influence a verdict. Throws MachineError with ssh's message and the end of the console.
 */
export async function openConnection(handle: SshHandle, options: ConnectOptions = {}): Promise<void> {
	if (await isOpen(handle)) {
		return;
	}

	const {limit = limits.sshHandshake, signal} = options;
	const {default: pRetry} = await import('p-retry');
	await pRetry(() => openOnce(handle, signal), {
		retries: Number.POSITIVE_INFINITY,
		minTimeout: 250,
		factor: 1,
		maxRetryTime: limit * 1000,
		signal,
	});
}

/** Closes the shared connection, even if another process opened it. Never throws; it may be closed already. */
export async function closeConnection(handle: SshHandle): Promise<void> {
	const {execa} = await import('execa');
	await execa('ssh', sshArguments(handle, ['-O', 'exit']), {
		reject: false,
		timeout: 5000,
		stdio: 'ignore',
	});
	fs.rmSync(handle.engine.socket, {force: true});
	fs.rmSync(handle.reach.controlPath, {force: true});
}

/** Whether the shared connection is open. */
export async function isOpen(handle: SshHandle): Promise<boolean> {
	if (!fs.existsSync(handle.reach.controlPath) || !fs.existsSync(handle.engine.socket)) {
		return false;
	}

	const {execa} = await import('execa');
	const {exitCode} = await execa('ssh', sshArguments(handle, ['-O', 'check']), {
		reject: false,
		timeout: limits.sshHandshake * 1000,
		stdio: 'ignore',
	});
	return exitCode === 0;
}

async function openOnce(handle: SshHandle, signal?: AbortSignal): Promise<void> {
	if (!isAlive(handle)) {
		const {AbortError} = await import('p-retry');
		throw new AbortError(unreachable(handle, 'its process has ended'));
	}

	for (const socket of [handle.reach.controlPath, handle.engine.socket]) {
		fs.mkdirSync(path.dirname(socket), {recursive: true});
		// With the socket of a dead connection, ssh would report "already exists", or nothing would answer on it.
		fs.rmSync(socket, {force: true});
	}

	const log = `${handle.reach.controlPath}.log`;
	fs.rmSync(log, {force: true});
	const {execa} = await import('execa');
	// The connection outlives this call, so it must not hold any of this call's streams.
	const {exitCode, timedOut} = await execa('ssh', masterArguments(handle, log), {
		reject: false,
		timeout: limits.sshHandshake * 1000,
		stdio: 'ignore',
		cancelSignal: signal,
	});
	if (exitCode !== 0) {
		const said = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').at(-1) : '';
		throw unreachable(
			handle,
			timedOut ? `no answer within ${limits.sshHandshake} s` : said || `ssh ended with ${exitCode}`,
		);
	}
}

/** Returns whether the machine's process runs; true if the machine has no process that this host knows. */
export function isAlive({pid}: Pick<MachineHandle, 'pid'>): boolean {
	if (pid === undefined) {
		return true;
	}

	try {
		process.kill(pid, 0);
		// A zombie accepts signals, but it is dead.
		return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

/** Returns an error for a machine that cannot be reached, with the end of its console. */
export function unreachable(handle: MachineHandle, why: string, cause?: unknown): MachineError {
	const dead = isAlive(handle) ? '' : ' (its process has ended)';
	return new MachineError(handle.name, `cannot be reached: ${why}${why.includes('ended') ? '' : dead}`, {
		remedy: `Read its console: ${handle.console}`,
		consoleTail: consoleTail(handle.console),
		cause,
	});
}
