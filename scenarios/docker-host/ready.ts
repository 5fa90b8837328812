/**
 * A machine as a Docker host, where this host's kernel has no ip_vs: containers on it have the machine's kernel. The images of nodes
 * are part of its snapshot, because their import takes minutes under emulation. See docs/providers.md.
 */
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {fixture, type Machine, scenario} from 'swarmlab';

/** What `--docker` takes: the images of these engines are in the snapshot. */
const engines = ['20.10', '28.5'];

/** Seconds for the import of one engine. */
const importSeconds = 420;

const command = fileURLToPath(new URL('../swarmlab.js', import.meta.resolve('swarmlab')));

/** The disk of a machine has no room for two engines and the volumes of their nodes. */
const intoMemory = [
	'/usr/lib/swarmlab/engine stop',
	'mv /var/lib/docker /var/lib/docker.disk',
	'mkdir /var/lib/docker',
	'mount -t tmpfs -o size=5g docker /var/lib/docker',
	'cp -a /var/lib/docker.disk/. /var/lib/docker/',
	'rm -rf /var/lib/docker.disk',
	'/usr/lib/swarmlab/engine start',
].join(' && ');

const imagesOfNodes = fixture('a Docker host with the images of nodes', async swarm => {
	const machine = swarm.manager;
	await machine.run(intoMemory, {timeout: importSeconds});
	for (const engine of engines) {
		await swarmlab(machine, ['up', '--provider', 'container', '--docker', engine, '--workers', '0', '--memory', '512']);
		await swarmlab(machine, ['down']);
	}

	return {};
});

scenario(
	'a machine is a Docker host that has the images of nodes',
	{kernel: ['ip_vs'], fixture: imagesOfNodes, limit: 2 * engines.length * importSeconds},
	async (t, swarm) => {
		const images = await swarm.manager.run("docker images --format '{{.Repository}}' | sort");
		t.is(images.split('\n').filter(name => name === 'swarmlab/engine').length, engines.length, images);
		t.log(`DOCKER_HOST=unix://${swarm.manager.handle.engine.socket}`);
	},
);

async function swarmlab(machine: Machine, words: string[]): Promise<void> {
	const {SWARMLAB_LEASE: _, ...own} = process.env;
	const env = {...own, DOCKER_HOST: `unix://${machine.handle.engine.socket}`};
	await promisify(execFile)(process.execPath, [command, ...words], {env, timeout: importSeconds * 1000});
}
