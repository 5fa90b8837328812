/** Makes clients of Docker's API that use only the options they are given. */
import type http from 'node:http';
import {createRequire} from 'node:module';
import type Docker from 'dockerode';
import {withoutVariables} from '../environment.ts';

/** Variables from which docker-modem takes what its options leave out: a client of a socket would connect to DOCKER_HOST. */
const variables = [
	...['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_CLIENT_TIMEOUT', 'DOCKER_PATH_PREFIX'],
	'SSH_AUTH_SOCK',
];

/** With an option of docker-modem's that the types do not have. */
export type ClientOptions = Docker.DockerOptions & {agent?: http.Agent};

const require = createRequire(import.meta.url);

/** Returns a client. The environment has no part in it (docker-modem, lib/modem.js, defaultOpts). */
export function createClient(options: ClientOptions): Docker {
	// Loaded by the first use: its 170 files are most of what a scenario file imports, and not every process has a client.
	const Client = require('dockerode') as typeof Docker;
	return withoutVariables(variables, () => new Client(options));
}
