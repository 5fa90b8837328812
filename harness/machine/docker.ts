/** The Docker API of a machine: by the provider's own forward where it has one, else over ssh. */
import http from 'node:http';
import Docker from 'dockerode';
import {EngineError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {MachineHandle} from '../model/index.ts';
import {isAlive, unreachable} from './connection.ts';
import {type Look, waitUntil} from './wait.ts';

/** Without a version in the path every engine answers in the newest API that it speaks: 1.12 as well as 28.5. */
export function openDocker(
	{engine: {socket, port}}: Pick<MachineHandle, 'engine'>,
	timeout: number = limits.dockerCall,
): Docker {
	const options: Docker.DockerOptions & {agent: http.Agent} = {
		...(port ? {host: '127.0.0.1', port, protocol: 'http'} : {socketPath: socket}),
		timeout: timeout * 1000,
		// One connection stays open for the next question: a new one costs an emulated machine a process. An engine that ends
		// closes it, and with it it is forgotten.
		agent: new http.Agent({keepAlive: true, maxSockets: 8, maxFreeSockets: 1}),
	};
	return new Docker(options);
}

/** Closes the connection that is kept for the next question; the next question opens another. */
export function hangUp(docker: Docker): void {
	(docker.modem as {agent?: http.Agent}).agent?.destroy();
}

/**
 * Waits until the engine answers. Each call is short, so that one that is stuck in a socket half made costs little.
 * Throws WaitError, or MachineError when the machine has ended.
 */
export async function waitForDocker(
	{handle}: {handle: MachineHandle},
	{limit = limits.boot, signal}: {limit?: number; signal?: AbortSignal} = {},
): Promise<void> {
	const look = async (): Promise<Look<undefined>> => {
		signal?.throwIfAborted();
		if (!isAlive(handle)) {
			throw unreachable(handle, 'its process has ended');
		}

		const docker = openDocker(handle, 5);
		try {
			await docker.ping();
			return {done: true, value: undefined};
		} catch (error) {
			return {done: false, seen: (error as Error).message};
		} finally {
			hangUp(docker);
		}
	};

	await waitUntil(`the Docker API of ${handle.name} answers`, look, {limit, ours: true});
}

/** An error that the engine answered, as distinct from one of the way to it. */
interface EngineAnswer extends Error {
	statusCode: number;
	json?: {message?: string};
}

/** What an error of dockerode means: EngineError (it answered) or MachineError (it did not). */
export function engineTrouble(handle: MachineHandle, what: string, error: unknown): Error {
	if (isEngineAnswer(error)) {
		const said = error.json?.message ?? error.message.trim();
		return new EngineError(handle.name, what, error.statusCode, said, {cause: error});
	}

	const {message, code} = error as NodeJS.ErrnoException;
	return unreachable(handle, `Docker API, ${what}: ${code ? `${code}, ` : ''}${message}`, error);
}

/** Whether the way to the engine was not there at all, so that nothing can have happened at its end. */
export function neverSent(error: unknown): boolean {
	return ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isEngineAnswer(error: unknown): error is EngineAnswer {
	return error instanceof Error && typeof (error as Partial<EngineAnswer>).statusCode === 'number';
}
