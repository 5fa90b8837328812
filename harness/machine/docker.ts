/** The Docker API of a machine: by the provider's own forwarded port if it has one, else over ssh. */
import type {Agent} from 'node:http';
import type Docker from 'dockerode';
import {EngineError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {MachineHandle} from '../model/index.ts';
import {createClient} from './client.ts';
import {isAlive, unreachable} from './connection.ts';
import {http} from './http.ts';
import {type Look, waitUntil} from './wait.ts';

/** Returns a client of the engine. Its paths have no version, so each engine uses its newest API: 1.12 as well as 28.5. */
export function openDocker(
	{engine: {socket, port}}: Pick<MachineHandle, 'engine'>,
	timeout: number = limits.dockerCall,
): Docker {
	return createClient({
		...(port ? {host: '127.0.0.1', port, protocol: 'http'} : {socketPath: socket}),
		timeout: timeout * 1000,
		// One connection stays open for the next request: a new one costs an emulated machine a process. When the engine ends, it
		// closes the connection, and the agent drops it.
		agent: new http.Agent({keepAlive: true, maxSockets: 8, maxFreeSockets: 1}),
	});
}

/** Closes the connection that is kept for the next request; the next request opens another. */
export function hangUp(docker: Docker): void {
	(docker.modem as {agent?: Agent}).agent?.destroy();
}

/**
 * Waits until the engine answers. Each call has a short limit, so a call that hangs in a half-open socket costs little.
 * Throws WaitError, or MachineError if the machine has ended.
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

/** An error that the engine returned, not an error of the connection to it. */
interface EngineAnswer extends Error {
	statusCode: number;
	json?: {message?: string};
}

/** Converts an error of dockerode: to EngineError if the engine answered, to MachineError if it did not. */
export function engineTrouble(handle: MachineHandle, what: string, error: unknown): Error {
	if (isEngineAnswer(error)) {
		const said = error.json?.message ?? error.message.trim();
		return new EngineError(handle.name, what, error.statusCode, said, {cause: error});
	}

	const {message, code} = error as NodeJS.ErrnoException;
	const {reach} = handle;
	const way = reach.by === 'docker-exec' ? `; the way there is the Docker host ${reach.daemon.url}` : '';
	return unreachable(handle, `Docker API, ${what}: ${code ? `${code}, ` : ''}${message}${way}`, error);
}

/** Returns whether there was no connection to the engine at all, so that the engine received nothing. */
export function neverSent(error: unknown): boolean {
	return ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isEngineAnswer(error: unknown): error is EngineAnswer {
	return error instanceof Error && typeof (error as Partial<EngineAnswer>).statusCode === 'number';
}
