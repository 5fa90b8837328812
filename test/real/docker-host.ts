/**
 * A Docker host for tests: the dockerd of this distribution in its own network namespace, so that its bridges and its packet
 * filter do not touch this host. It needs root and the package docker.io.
 */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import Docker from 'dockerode';
import {execa} from 'execa';
import {endProcesses, identify} from '../../harness/processes/processes.ts';
import {type Places, processesIn, remains} from './lab.ts';

export interface DockerHost {
	/** In the form of DOCKER_HOST. */
	url: string;
	docker: Docker;
	/** Ends the daemon and removes all its containers and files. */
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

/** Starts a Docker host and waits until it answers. */
export async function startDockerHost(): Promise<DockerHost> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-dockerd-'));
	const name = path.basename(folder);
	const at = (file: string) => path.join(folder, file);
	fs.writeFileSync(at('runtime'), runtime, {mode: 0o755});
	await execa('ip', ['netns', 'add', name]);
	const inside = [`--net=/run/netns/${name}`, '--'];
	await execa('nsenter', [...inside, 'ip', 'link', 'set', 'lo', 'up']);
	const log = fs.openSync(at('dockerd.log'), 'w');
	const daemon = spawn(
		'nsenter',
		[
			...[...inside, 'dockerd', '--host', `unix://${at('docker.sock')}`, '--pidfile', at('pid')],
			...['--data-root', at('data'), '--exec-root', at('exec'), '--cgroup-parent', `/${name}`],
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

	for (let looks = 0; looks < 600; looks++) {
		if (await docker.ping().catch(() => undefined)) {
			return {url: `unix://${at('docker.sock')}`, docker, end};
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
