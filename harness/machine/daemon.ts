/** Opens a client of a Docker host by its address, in the form of DOCKER_HOST. */
import type Docker from 'dockerode';
import {HostError} from '../errors.ts';

import {limits} from '../limits.ts';
import {createClient} from './client.ts';

/**
 * Throws HostError for an address that is neither `unix:///path` nor `tcp://host:port`.
 * @param timeout seconds without data after which a call fails; undefined: no limit, for streams
 */
export function openDaemon(url: string, timeout: number | undefined = limits.dockerCall): Docker {
	const patience = timeout === undefined ? {} : {timeout: timeout * 1000};
	const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(url) ?? [];
	if (socketPath) {
		return createClient({socketPath, ...patience});
	}

	const [, host, port] = /^tcp:\/\/\[?([^/[\]]+?)\]?:(\d+)\/?$/.exec(url) ?? [];
	if (!host) {
		throw new HostError(`'${url}' is no Docker host that can be used: unix:///path and tcp://host:port are.`, {
			remedy: 'Set DOCKER_HOST to one of these, or unset it: then it is unix:///var/run/docker.sock.',
		});
	}

	return createClient({protocol: 'http', host, port: Number(port), ...patience});
}
