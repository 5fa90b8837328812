/** Runs a command of the user on a machine, connected with this terminal. */
import {execa} from 'execa';
import {MachineError} from '../errors.ts';
import type {ExecHandle, MachineHandle, SshHandle} from '../model/index.ts';
import {unreachable} from './connection.ts';
import {execute} from './docker-exec.ts';
import {sshArguments} from './ssh.ts';

/** The exit code of ssh if it did not reach the machine. */
const sshLost = 255;

/**
 * Runs a shell command line, or a shell if none is given. Returns its exit code. Throws MachineError if the machine was not
 * reached.
 * @param asTerminal the command gets a terminal, because a person types
 */
export async function enter(handle: MachineHandle, line: string | undefined, asTerminal: boolean): Promise<number> {
	return handle.reach.by === 'ssh'
		? enterBySsh(handle as SshHandle, line, asTerminal)
		: enterByExec(handle as ExecHandle, line, asTerminal);
}

async function enterBySsh(handle: SshHandle, line: string | undefined, asTerminal: boolean): Promise<number> {
	const words = sshArguments(handle, asTerminal ? ['-t'] : []).concat(line === undefined ? [] : ['--', line]);
	const {exitCode = sshLost} = await execa('ssh', words, {stdio: 'inherit', reject: false});
	if (exitCode === sshLost) {
		throw new MachineError(handle.name, 'ssh did not reach it, or its command ended with 255', {
			remedy: `Its console: ${handle.console}`,
		});
	}

	return exitCode;
}

async function enterByExec(handle: ExecHandle, line: string | undefined, asTerminal: boolean): Promise<number> {
	const {stdin, stdout, stderr} = process;
	const size = () => ({columns: stdout.columns ?? 80, rows: stdout.rows ?? 24});
	const execution = await execute(handle.reach, {
		words: line === undefined ? ['/bin/bash', '-l'] : ['/bin/bash', '-c', line],
		stdin: true,
		...(asTerminal && {terminal: size()}),
	}).catch((error: unknown) => {
		throw unreachable(handle, (error as Error).message, error);
	});
	const resize = () => void execution.resize(size());
	execution.input.on('error', () => {});
	execution.stdout.pipe(stdout, {end: false});
	execution.stderr.pipe(stderr, {end: false});
	if (asTerminal) {
		stdin.setRawMode(true);
		stdout.on('resize', resize);
		resize();
	}

	stdin.pipe(execution.input);
	try {
		return await execution.ended;
	} catch (error) {
		throw unreachable(handle, (error as Error).message, error);
	} finally {
		stdin.unpipe(execution.input);
		stdin.pause();
		if (asTerminal) {
			stdin.setRawMode(false);
			stdout.off('resize', resize);
		}
	}
}
