/** One command in a container of a Docker host: started, its streams apart, and how it ended. */
import {type Duplex, PassThrough, type Readable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type Docker from 'dockerode';
import {variable} from '../environment.ts';
import type {ExecReach} from '../model/index.ts';
import {openDaemon} from './daemon.ts';

export interface ExecWish {
	words: readonly string[];
	/** It reads from `input` of what is returned; nothing without. */
	stdin?: boolean;
	/** On a terminal: then all that it says comes on `stdout`. */
	terminal?: {columns: number; rows: number};
}

export interface Execution {
	/** The stdin of the command, if it reads one. end() closes it. */
	input: Duplex;
	stdout: Readable;
	stderr: Readable;
	/** Its exit code, after its streams have ended. Rejects if the daemon does not report it. */
	ended: Promise<number>;
	resize(size: {columns: number; rows: number}): Promise<void>;
	/** Stops reading. The command goes on, as one by ssh does. */
	leave(): void;
}

/** Rejects with the daemon's own words when it does not start it. */
export async function execute({daemon, container}: ExecReach, wish: ExecWish): Promise<Execution> {
	const {words, stdin = false, terminal} = wish;
	const docker = openDaemon(daemon, undefined);
	const exec = await docker.getContainer(container).exec({
		Cmd: [...words],
		AttachStdin: stdin,
		AttachStdout: true,
		AttachStderr: true,
		Tty: terminal !== undefined,
		WorkingDir: '/root',
		...(terminal && {Env: [`TERM=${variable('TERM') ?? 'xterm'}`]}),
	});
	const stream = await exec.start({hijack: true, stdin, Tty: terminal !== undefined});
	const stdout = new PassThrough();
	const stderr = new PassThrough();
	if (terminal) {
		stream.pipe(stdout, {end: false});
	} else {
		docker.modem.demuxStream(stream, stdout, stderr);
	}

	const ended = new Promise<number>((resolve, reject) => {
		let over = false;
		const finish = () => {
			if (!over) {
				over = true;
				stdout.end();
				stderr.end();
				exitCodeOf(exec).then(resolve, reject);
			}
		};
		stream.once('end', finish).once('close', finish).once('error', finish);
	});
	// Who only reads its output need not wait for how it ended.
	ended.catch(() => {});
	return {
		input: stream,
		stdout,
		stderr,
		ended,
		resize: async ({columns, rows}) => exec.resize({w: columns, h: rows}).catch(() => {}),
		leave: () => stream.destroy(),
	};
}

/** The daemon closes the streams a moment before it knows how the command ended. */
async function exitCodeOf(exec: Docker.Exec): Promise<number> {
	for (let looks = 0; ; looks++) {
		const {Running, ExitCode} = await exec.inspect();
		if (!Running && ExitCode !== null) {
			return ExitCode;
		}

		if (looks === 100) {
			throw new Error('the daemon closed the connection while the command ran');
		}

		await delay(20);
	}
}
