/** Which Docker host the nodes are containers of, and which ones have been used before. */
import fs from 'node:fs';
import path from 'node:path';
import {variable} from '../../environment.ts';
import * as paths from '../../paths.ts';
import {writeAtomically} from '../../write-atomically.ts';

/** The Docker host of this process. Contexts of Docker's command line are not looked at. */
export function dockerHost(): string {
	return variable('DOCKER_HOST') ?? 'unix:///var/run/docker.sock';
}

const file = path.join(paths.state, 'docker-hosts.json');

/** Keeps it in mind for `gc` and `down`, which may be called without DOCKER_HOST. To be called before anything is made there. */
export function rememberDockerHost(url: string): void {
	const known = knownDockerHosts();
	if (!known.includes(url)) {
		fs.mkdirSync(path.dirname(file), {recursive: true});
		writeAtomically(file, `${JSON.stringify([...known, url], undefined, '\t')}\n`);
	}
}

/** Those on which this user's runs have been. */
export function knownDockerHosts(): string[] {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')) as string[];
	} catch {
		return [];
	}
}

/** One that does not answer any more is forgotten: when it is used again it is remembered again. */
export function forgetDockerHost(url: string): void {
	writeAtomically(
		file,
		`${JSON.stringify(
			knownDockerHosts().filter(each => each !== url),
			undefined,
			'\t',
		)}\n`,
	);
}
