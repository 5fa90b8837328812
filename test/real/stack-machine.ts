/** A machine for stacks on this host's kernel: a container that is made from the disk of a packaged cloud. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {buildCloud} from '../../harness/artifacts/clouds/cloud-artifact.ts';
import {openHostPackages} from '../../harness/artifacts/packages/packages.ts';
import {Machine} from '../../harness/machine/index.ts';
import {type DockerHost, startDockerHost} from './docker-host.ts';

export interface StackMachine {
	machine: Machine;
	/** A folder of this host for logs; it is removed at the end. */
	folder: string;
	end(): Promise<void>;
}

/** Makes the disk if the cache has none, and starts the container. */
export async function startStackMachine(): Promise<StackMachine> {
	// The packages come from this host's mirror, so the disk is made before anything is in a network of its own.
	const {disk} = await buildCloud(await openHostPackages(), () => {});
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-stacks-'));
	const host = await startDockerHost();
	const end = async () => {
		await host.end();
		fs.rmSync(folder, {recursive: true, force: true});
	};

	try {
		return {machine: await startContainer(host, disk, folder), folder, end};
	} catch (error) {
		await end();
		throw error;
	}
}

/** Starts a container from the file system of a disk. Only its network is the daemon's. */
async function startContainer({docker, url}: DockerHost, disk: string, folder: string): Promise<Machine> {
	const mounted = path.join(folder, 'disk');
	fs.mkdirSync(mounted);
	await execa('mount', ['-o', 'loop,ro,noload', disk, mounted]);
	try {
		const tar = execa('tar', ['-c', '-C', mounted, '.'], {buffer: false});
		const stream = await docker.importImage(tar.stdout, {
			repo: 'cloud',
			tag: 'disk',
			changes: ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
		});
		await new Promise<void>((resolve, reject) => {
			docker.modem.followProgress(stream, error => (error ? reject(error) : resolve()));
		});
		await tar;
	} finally {
		await execa('umount', [mounted]);
	}

	const container = await docker.createContainer({
		...{name: 'cloud', Hostname: 'm1', Image: 'cloud:disk', Cmd: ['/bin/sleep', '1d']},
		HostConfig: {Privileged: true, Init: true},
	});
	await container.start();
	const {NetworkSettings} = await container.inspect();
	return new Machine({
		...{name: 'm1', role: 'manager', address: NetworkSettings.Networks.bridge!.IPAddress},
		reach: {by: 'docker-exec', daemon: {url}, container: 'cloud'},
		// No engine runs in it, and no console is there.
		...{engine: {socket: path.join(folder, 'no.sock')}, console: path.join(folder, 'no.log')},
	});
}
