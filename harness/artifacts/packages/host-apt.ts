/** The configuration of this host's apt. */
import {execFile} from 'node:child_process';
import {variable} from '../../environment.ts';
import {missingTool} from './host-tool.ts';

/** By the value of APT_CONFIG, which names another configuration. */
const read = new Map<string | undefined, Promise<string[]>>();

/**
 * Returns the lines of `apt-config dump`: `Acquire::Check-Valid-Until "false";`. It is read once in a process, so that what a
 * run uses does not change in its middle.
 * @throws HostError when the program does not exist
 */
export async function hostAptConfig(): Promise<string[]> {
	const key = variable('APT_CONFIG');
	const lines = read.get(key) ?? dump();
	read.set(key, lines);
	return lines;
}

/** With Node's own means: each plan reads it, and execa takes longer to load than apt-config to run. */
async function dump(): Promise<string[]> {
	const {promise, resolve, reject} = Promise.withResolvers<string[]>();
	execFile('apt-config', ['dump'], {env: {...process.env, LC_ALL: 'C'}, maxBuffer: 2 ** 24}, (error, stdout) =>
		error?.code === 'ENOENT' ? reject(missingTool('apt-config')) : resolve(stdout.split('\n')),
	);
	return promise;
}
