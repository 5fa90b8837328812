/**
 * A Docker host for tests: the dockerd of this distribution in its own network namespace, so that its bridges and its packet
 * filter do not touch this host. It needs root and the package docker.io.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import Docker from 'dockerode';
import {execa} from 'execa';
import {endProcesses, identify} from '../../harness/processes/processes.ts';
import {forget, ownPlaces, type Places, processesIn, remains} from './lab.ts';

export interface DockerHost {
	/** In the form of DOCKER_HOST. */
	url: string;
	docker: Docker;
	/** Words before a command that is to run in its network. */
	inside: string[];
	/** Returns a port of 127.0.0.1 that leads to a port in its network. Connections are passed on as they are. */
	door(port: number): Promise<number>;
	/** Ends the daemon at once, as a crash does. Its containers are killed too. */
	crash(): Promise<void>;
	/** Ends it and removes all that it had. */
	end(): Promise<void>;
}

/**
 * A script that calls runc. If this process may not use CAP_SYS_RESOURCE, for example in a container, a daemon before 23 still
 * asks for it for privileged containers, and runc fails. The script removes this capability from the files that runc reads.
 */
const runtime = `#!/bin/bash
set -- "$@"
words=("$@")
for index in "\${!words[@]}"; do
	case \${words[index]} in
		--bundle) file=\${words[index + 1]}/config.json ;;
		--process) file=\${words[index + 1]} ;;
		*) continue ;;
	esac
	[ -f "$file" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$file"
done
exec runc "$@"
`;

/** Bit 24 of the bounding set (capabilities(7)). */
function lacksSysResource(): boolean {
	const [, bounding = '0'] = /^CapBnd:\s+([0-9a-f]+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
	return ((BigInt(`0x${bounding}`) >> 24n) & 1n) === 0n;
}

/**
 * Starts it and waits until it answers.
 * @param more options of dockerd
 * @param dataMib size of the file system that it keeps everything in; without: this host's
 */
export async function startDockerHost({
	more = [],
	dataMib,
}: {
	more?: readonly string[];
	dataMib?: number;
} = {}): Promise<DockerHost> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-dockerd-'));
	const name = path.basename(folder);
	const at = (file: string) => path.join(folder, file);
	fs.writeFileSync(at('runtime'), runtime, {mode: 0o755});
	await execa('ip', ['netns', 'add', name]);
	const inside = [`--net=/run/netns/${name}`, '--'];
	const doors: (() => void)[] = [];
	const door = async (port: number) => {
		const socket = at(`door-${port}`);
		const script = `const net = require('node:net');
			net.createServer({allowHalfOpen: true}, one => { const other = net.connect({port: ${port}, host: '127.0.0.1', allowHalfOpen: true}); one.pipe(other).pipe(one);
				for (const [a, b] of [[one, other], [other, one]]) a.on('error', () => b.destroy()).on('close', () => b.destroySoon());
			}).listen(${JSON.stringify(socket)});`;
		const child = spawn('nsenter', [...inside, process.execPath, '-e', script], {stdio: 'ignore'});
		const server = net.createServer({allowHalfOpen: true}, one => {
			const other = net.connect({path: socket, allowHalfOpen: true});
			one.pipe(other).pipe(one);
			one.on('error', () => other.destroy()).on('close', () => other.destroySoon());
			other.on('error', () => one.destroy()).on('close', () => one.destroySoon());
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		doors.push(() => {
			server.close();
			child.kill();
		});
		while (!fs.existsSync(socket) && child.exitCode === null) {
			await delay(20);
		}

		return (server.address() as net.AddressInfo).port;
	};

	if (dataMib !== undefined) {
		fs.mkdirSync(at('data'));
		await execa('truncate', ['-s', `${dataMib}M`, at('data.img')]);
		await execa('mke2fs', ['-q', '-t', 'ext4', at('data.img')]);
		await execa('mount', ['-o', 'loop', at('data.img'), at('data')]);
	}

	await execa('nsenter', [...inside, 'ip', 'link', 'set', 'lo', 'up']);
	const log = fs.openSync(at('dockerd.log'), 'w');
	const daemon = spawn(
		'nsenter',
		[
			...[...inside, 'dockerd', '--host', `unix://${at('docker.sock')}`, '--pidfile', at('pid')],
			...['--data-root', at('data'), '--exec-root', at('exec'), '--cgroup-parent', `/${name}`],
			...more,
			...(lacksSysResource() ? ['--add-runtime', `sl=${at('runtime')}`, '--default-runtime', 'sl'] : []),
		],
		// The daemon outlives the runs on it, so it must not carry the lease of a test.
		{stdio: ['ignore', log, log], detached: true, env: {...process.env, SWARMLAB_LEASE: undefined}},
	);
	fs.closeSync(log);
	daemon.unref();
	const docker = new Docker({socketPath: at('docker.sock')});
	const end = async () => {
		const containers = await docker.listContainers({all: true}).catch(() => []);
		await Promise.all(
			containers.map(async ({Id}) =>
				docker
					.getContainer(Id)
					.remove({force: true, v: true})
					.catch(() => {}),
			),
		);
		// containerd is a child of the daemon and ends with it.
		const identity = daemon.pid === undefined ? undefined : identify(daemon.pid);
		await endProcesses(identity ? [identity] : [], 20);
		for (const close of doors) {
			close();
		}

		await execa('ip', ['netns', 'del', name], {reject: false});
		for (const mount of fs
			.readFileSync('/proc/mounts', 'utf8')
			.split('\n')
			.map(line => line.split(' ')[1] ?? '')) {
			if (mount.startsWith(`${folder}/`)) {
				await execa('umount', ['--lazy', mount], {reject: false});
			}
		}

		await execa('sh', ['-c', `find /sys/fs/cgroup -depth -type d -path '*/${name}*' -exec rmdir {} +`], {
			reject: false,
		});
		fs.rmSync(folder, {recursive: true, force: true});
	};

	const crash = async () => {
		const identity = daemon.pid === undefined ? undefined : identify(daemon.pid);
		const left = await endProcesses(identity ? [identity] : [], 20);
		if (left.length > 0) {
			throw new Error('dockerd does not end');
		}
	};

	for (let looks = 0; looks < 600; looks++) {
		if (await docker.ping().catch(() => undefined)) {
			return {url: `unix://${at('docker.sock')}`, docker, inside: ['nsenter', ...inside], door, crash, end};
		}

		if (daemon.exitCode !== null) {
			break;
		}

		await delay(100);
	}

	const said = fs.readFileSync(at('dockerd.log'), 'utf8').split('\n').slice(-20).join('\n');
	await end();
	throw new Error(`dockerd did not come up:\n${said}`);
}

/**
 * Places for the runs of a test on a Docker host. If the test fails, all that it has left in them and on the Docker host is
 * removed: the next test finds nothing of it.
 */
export function placesOn(t: ExecutionContext, host: DockerHost, more: Record<string, string> = {}): Places {
	const places = ownPlaces({DOCKER_HOST: host.url, ...more});
	t.teardown(async () => {
		// A test that has passed has asserted that nothing is left, and forgotten its places.
		if (fs.existsSync(places.root)) {
			await clear(host, places);
		}
	});
	return places;
}

async function clear({docker}: DockerHost, places: Places): Promise<void> {
	const ours = processesIn(places).flatMap(line => identify(Number(line.split(' ')[0])) ?? []);
	await endProcesses(ours, 1);
	const containers = await docker.listContainers({all: true}).catch(() => []);
	await Promise.allSettled(containers.map(async ({Id}) => docker.getContainer(Id).remove({force: true, v: true})));
	const networks = await docker.listNetworks({filters: {type: ['custom']}}).catch(() => []);
	await Promise.allSettled(networks.map(async ({Id}) => docker.getNetwork(Id).remove()));
	forget(places);
}

/** Asserts that neither the Docker host nor this one has anything of a run in these places: images stay. */
export async function nothingIsLeftOn(t: ExecutionContext, {docker}: DockerHost, places: Places): Promise<void> {
	const [containers, networks, {Volumes}] = await Promise.all([
		docker.listContainers({all: true}),
		docker.listNetworks(),
		docker.listVolumes(),
	]);
	t.deepEqual(
		containers.map(({Names}) => Names),
		[],
	);
	t.deepEqual(networks.map(({Name}) => Name).sort(), ['bridge', 'host', 'none']);
	t.deepEqual(Volumes ?? [], []);
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
}
