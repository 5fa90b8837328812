/** Runs one command in a container of a Docker host, with separate streams for stdout and stderr, and reports its exit code. */
import {type Duplex, PassThrough, type Readable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type Docker from 'dockerode';
import {variable} from '../environment.ts';
import type {ExecReach} from '../model/index.ts';
import {openDaemon} from './daemon.ts';

export interface ExecWish {
	words: readonly string[];
	/** True: the command reads what is written to `input` of the returned object. False: its stdin is empty. */
	stdin?: boolean;
	/** True: the command gets a terminal, and all its output comes on `stdout`. */
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
	/** Stops reading. The command continues, as a command does whose ssh was ended. */
	leave(): void;
}

/** Starts a command. Rejects with the daemon's error message if the daemon does not start it. */
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
	// A caller that only reads the output does not await the exit code: a rejection must not end the process.
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

/** Returns the exit code. Asks several times, because the daemon closes the streams before it knows the exit code. */
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
