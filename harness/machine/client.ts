/** Makes clients of Docker's API that use only the options they are given. */
import Docker from 'dockerode';

/** Variables from which docker-modem takes what its options leave out: a client of a socket would connect to DOCKER_HOST. */
const variables = [
	...['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_CLIENT_TIMEOUT', 'DOCKER_PATH_PREFIX'],
	'SSH_AUTH_SOCK',
];

/** Returns a client. The environment has no part in it (docker-modem, lib/modem.js, defaultOpts). */
export function createClient(options: Docker.DockerOptions): Docker {
	const before = variables.map(name => [name, process.env[name]] as const);
	try {
		for (const name of variables) {
			delete process.env[name];
		}

		return new Docker(options);
	} finally {
		for (const [name, value] of before) {
			if (value !== undefined) {
				process.env[name] = value;
			}
		}
	}
}
