/** Opens the daemon of a Docker host: by its socket, by TCP, by TCP with TLS, or through ssh. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {HostError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {DaemonAddress} from '../model/index.ts';
import {createClient} from './client.ts';
import {ForwardAgent} from './forward.ts';

/** Names of the files in a folder of certificates, by what they are for docker-modem. */
const certificateFiles = {ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem'} as const;

/**
 * Returns a client. It does not connect yet.
 * @param timeout seconds that a call may be silent; undefined: for ever, for streams
 * @throws HostError for an address of another kind, and for certificates that cannot be read
 */
export function openDaemon(address: DaemonAddress, timeout: number | undefined = limits.dockerCall): Docker {
	const {url, certificates} = address;
	const patience = timeout === undefined ? {} : {timeout: timeout * 1000};
	const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(url) ?? [];
	if (socketPath) {
		return createClient({socketPath, ...patience});
	}

	if (/^ssh:\/\/[^/]/.test(url)) {
		// The agent connects to the socket, whatever the name of the host.
		return createClient({protocol: 'http', host: 'docker', port: 80, agent: new ForwardAgent(address), ...patience});
	}

	const [, v6, name, port] = /^tcp:\/\/(?:\[([\da-f:.]+)\]|([^/:[\]]+))(?::(\d{1,5}))?\/?$/i.exec(url) ?? [];
	const host = v6 ?? name;
	if (host === undefined || Number(port ?? 1) > 65_535) {
		throw new HostError(
			`'${url}' is no Docker host that can be used: unix:///path, tcp://host:port and ssh://user@host are.`,
			{remedy: 'Set DOCKER_HOST to one of these, or choose another context by DOCKER_CONTEXT.'},
		);
	}

	// The ports that Docker's command line takes where none is named.
	return certificates === undefined
		? createClient({protocol: 'http', host, port: Number(port ?? 2375), ...patience})
		: createClient({
				protocol: 'https',
				host,
				port: Number(port ?? 2376),
				...readCertificates(certificates),
				...patience,
			});
}

function readCertificates(folder: string): Record<keyof typeof certificateFiles, string> {
	const read = (name: string) => {
		try {
			return fs.readFileSync(path.join(folder, name), 'utf8');
		} catch (error) {
			throw new HostError(`The certificates of the Docker host cannot be read: ${(error as Error).message}`, {
				cause: error,
				remedy: `Put ca.pem, cert.pem and key.pem into ${folder}, or name another folder: DOCKER_CERT_PATH.`,
			});
		}
	};

	return {ca: read(certificateFiles.ca), cert: read(certificateFiles.cert), key: read(certificateFiles.key)};
}

/** Returns the message of an error of a call: the daemon's own answer, or that the Docker host does not answer. */
export function daemonTrouble({url}: DaemonAddress, error: unknown): string {
	const {statusCode, code, message} = error as NodeJS.ErrnoException & {statusCode?: number};
	if (statusCode !== undefined || error instanceof HostError) {
		return message;
	}

	return `the Docker host ${url} does not answer: ${message || code}`;
}
