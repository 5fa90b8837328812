/** Finds the Docker host as Docker's command line does, and keeps those that were used before. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {variable} from '../../environment.ts';
import {HostError} from '../../errors.ts';
import type {DaemonAddress} from '../../model/index.ts';
import * as paths from '../../paths.ts';

const localSocket = 'unix:///var/run/docker.sock';

/** The context that is no file: DOCKER_HOST, or the local socket. */
const defaultContext = 'default';

let found: DaemonAddress | undefined;

/**
 * Returns the Docker host of this process: DOCKER_HOST, else the context that DOCKER_CONTEXT names, else the current context
 * of Docker's config.json, else the local socket (docker/cli, cli/command/cli.go, resolveContextName).
 * @throws HostError for a context that is not there or cannot be used
 */
export function dockerHost(): DaemonAddress {
	found ??= findDockerHost(paths.dockerConfig);
	return found;
}

/** Finds it in the environment of this process and a folder of Docker's configuration. Throws HostError. */
export function findDockerHost(folder: string): DaemonAddress {
	const url = variable('DOCKER_HOST')?.trim();
	const context = url === undefined ? (variable('DOCKER_CONTEXT') ?? currentContext(folder)) : defaultContext;
	if (context !== defaultContext) {
		return addressOfContext(context, folder);
	}

	// Any value means yes, `0` too: docker/cli, cli/flags/options.go.
	const isTls = variable('DOCKER_TLS_VERIFY') !== undefined;
	if (!isTls && variable('DOCKER_TLS') !== undefined) {
		throw unverified('DOCKER_TLS', 'Set DOCKER_TLS_VERIFY=1 instead of DOCKER_TLS.');
	}

	const address = withScheme(url ?? localSocket);
	return isTls && address.startsWith('tcp:')
		? {url: address, certificates: path.resolve(variable('DOCKER_CERT_PATH') ?? folder)}
		: {url: address};
}

/** Docker's command line takes `host:port`, too. */
function withScheme(url: string): string {
	return /^[\w.-]+:\d+$/.test(url) ? `tcp://${url}` : url;
}

function currentContext(folder: string): string {
	const file = path.join(folder, 'config.json');
	return readJson<{currentContext?: string}>(file)?.currentContext || defaultContext;
}

/** What is read of a context's meta.json (docker/cli, cli/context/store). */
interface ContextFile {
	Name: string;
	Endpoints?: {docker?: {Host?: string; SkipTLSVerify?: boolean}};
}

function addressOfContext(context: string, folder: string): DaemonAddress {
	const id = createHash('sha256').update(context).digest('hex');
	const file = path.join(folder, 'contexts', 'meta', id, 'meta.json');
	const meta = readJson<ContextFile>(file);
	if (!meta) {
		throw new HostError(`There is no Docker context '${context}': ${file} is missing.`, {
			remedy: `docker context ls shows those that are there${otherContexts(folder)}. Choose one by DOCKER_CONTEXT, or set DOCKER_HOST.`,
		});
	}

	const {Host, SkipTLSVerify} = meta.Endpoints?.docker ?? {};
	if (!Host) {
		throw new HostError(`The Docker context '${context}' has no endpoint for Docker: ${file}.`, {
			remedy: 'Choose another context by DOCKER_CONTEXT, or set DOCKER_HOST.',
		});
	}

	if (SkipTLSVerify) {
		throw unverified(`the Docker context '${context}'`, 'Make a context that verifies: docker context create.');
	}

	const certificates = path.join(folder, 'contexts', 'tls', id, 'docker');
	return {url: withScheme(Host), ...(fs.existsSync(certificates) && {certificates})};
}

/** testcontainers verifies always, and needs a certificate of its own. */
function unverified(what: string, remedy: string): HostError {
	return new HostError(`TLS without verification is not supported, and ${what} asks for it.`, {remedy});
}

function otherContexts(folder: string): string {
	const meta = path.join(folder, 'contexts', 'meta');
	const names = (fs.existsSync(meta) ? fs.readdirSync(meta) : []).flatMap(
		id => readJson<ContextFile>(path.join(meta, id, 'meta.json'))?.Name ?? [],
	);
	return names.length > 0 ? `: ${names.join(', ')}` : '';
}

/** Returns undefined if the file is not there. Throws HostError if it cannot be read. */
function readJson<T>(file: string): T | undefined {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		throw new HostError(`${file} cannot be read: ${(error as Error).message}`, {
			cause: error,
			remedy: `Mend it, or set DOCKER_HOST: then Docker's configuration is not read.`,
		});
	}
}
