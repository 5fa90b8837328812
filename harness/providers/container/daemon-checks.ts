/** Checks whether a Docker host that answers can have nodes. Pure. */
import type {Check} from '../../host/check.ts';

/** What is read of `docker info`. */
export interface DaemonInfo {
	ID: string;
	ServerVersion: string;
	KernelVersion: string;
	OperatingSystem?: string;
	OSType?: string;
	Architecture?: string;
	SecurityOptions?: string[] | null;
	/** Absent before 20.10. */
	CgroupVersion?: string;
	CgroupDriver?: string;
	DockerRootDir?: string;
	Plugins?: {Authorization?: string[] | null};
}

/** What is known of a Docker host. */
export interface DaemonFacts {
	url: string;
	info: DaemonInfo;
	/** Of `docker version`. */
	apiVersion: string;
	/** What its kernel lacks, by the names of modules; undefined if the Docker host is not this host. */
	lacks?: {everySwarm: string[]; someClaims: string[]};
	/** MiB that are free in DockerRootDir; undefined if the Docker host is not this host. */
	freeMib?: number;
}

/** The first API with CgroupnsMode, which nodes need: that of Docker 20.10 (moby, docs/api/version-history.md, v1.41). */
const oldestApi = '1.41';

/** MiB. The root filesystem of one engine and three nodes at work take about 1500. */
const diskMib = {needed: 1024, wanted: 5 * 1024};

const needed = 'nodes are its privileged containers';

/** Returns the checks, the most basic first. */
export function checksOf(facts: DaemonFacts): Check[] {
	return [daemon(facts), controlGroups(facts), kernel(facts), disk(facts), ...confinement(facts), ...desktop(facts)];
}

/** Faults that no node survives. The first that is found counts. */
function daemon({url, info, apiVersion}: DaemonFacts): Check {
	const options = info.SecurityOptions ?? [];
	const has = (name: string) => options.some(each => each.split(',').includes(`name=${name}`));
	const other = 'Name another Docker host by DOCKER_HOST or DOCKER_CONTEXT';
	const faults: [is: boolean, what: string, remedy: string][] = [
		[
			apiVersion.localeCompare(oldestApi, 'en', {numeric: true}) < 0,
			`, whose API ${apiVersion} is older than ${oldestApi}`,
			'Install Docker 20.10 or newer on the Docker host: nodes need control groups of their own.',
		],
		[
			(info.OSType ?? 'linux') !== 'linux' || !/^(x86_64|amd64)$/.test(info.Architecture ?? 'x86_64'),
			` for ${info.OSType} on ${info.Architecture}`,
			`${other}: the engines are built for Linux on x86_64.`,
		],
		[
			has('rootless'),
			' rootless',
			`${other}, or start Docker as root (sudo systemctl start docker) and unset DOCKER_HOST: a rootless Docker gives no node the rights that its engine needs.`,
		],
		[
			has('userns'),
			' with userns-remap',
			'Remove userns-remap from /etc/docker/daemon.json and restart Docker, or name another Docker host by DOCKER_HOST: privileged containers are not allowed with it.',
		],
	];
	const [, what, remedy] = faults.find(([is]) => is) ?? [];
	return {
		name: 'Docker host',
		state: remedy === undefined ? 'ok' : 'missing',
		seen: `Docker ${info.ServerVersion}${what ?? ''} on kernel ${info.KernelVersion}, at ${url}`,
		needed,
		...(remedy !== undefined && {remedy}),
	};
}

/** Both versions work. A cell whose engine does not know the version is skipped when it is brought up. */
function controlGroups({info: {CgroupVersion = '1', CgroupDriver}}: DaemonFacts): Check {
	return {
		name: 'control groups',
		state: 'ok',
		seen: `v${CgroupVersion}${CgroupDriver ? `, by ${CgroupDriver}` : ''}`,
		needed: CgroupVersion === '1' ? 'every engine works with v1' : 'engines from 20.10 on; older ones need v1',
	};
}

function kernel({info: {KernelVersion}, lacks}: DaemonFacts): Check {
	const check = {
		name: 'kernel of nodes',
		needed: 'vxlan, overlay, packet filter; ip_vs for virtual addresses and the mesh',
	};
	if (!lacks) {
		return {...check, state: 'ok', seen: `${KernelVersion}: not this host's, so each node checks it`};
	}

	const {everySwarm, someClaims} = lacks;
	if (everySwarm.length > 0) {
		return {
			...check,
			state: 'missing',
			seen: `${KernelVersion} lacks ${everySwarm.join(', ')}`,
			remedy: `Boot a kernel that has ${everySwarm.join(', ')}, or name another Docker host by DOCKER_HOST. --provider qemu boots its own kernels.`,
		};
	}

	return someClaims.length > 0
		? {
				...check,
				state: 'warning',
				seen: `${KernelVersion} lacks ${someClaims.join(', ')}`,
				remedy: `Scenarios about virtual addresses and the routing mesh are skipped. On a Docker host whose kernel has ${someClaims.join(', ')}, or with --provider qemu, they run.`,
			}
		: {...check, state: 'ok', seen: KernelVersion};
}

function disk({info: {DockerRootDir = '/var/lib/docker'}, freeMib}: DaemonFacts): Check {
	const check = {name: 'disk of the Docker host', needed: `${diskMib.wanted} MiB free in ${DockerRootDir}`};
	if (freeMib === undefined) {
		return {...check, state: 'ok', seen: "not this host's, so it is not checked"};
	}

	const state = freeMib < diskMib.needed ? 'missing' : freeMib < diskMib.wanted ? 'warning' : 'ok';
	return {
		...check,
		state,
		seen: `${freeMib} MiB`,
		...(state !== 'ok' && {
			remedy: `Make room in ${DockerRootDir}: docker system df shows what takes it, docker image prune removes images that no container uses.`,
		}),
	};
}

/** What may confine privileged containers. */
function confinement({info: {SecurityOptions, Plugins}}: DaemonFacts): Check[] {
	const on = ['selinux', 'apparmor'].filter(name =>
		(SecurityOptions ?? []).some(each => each.split(',').includes(`name=${name}`)),
	);
	const plugins = Plugins?.Authorization ?? [];
	return [
		...on.map(
			(name): Check =>
				name === 'selinux'
					? {
							name: 'SELinux',
							state: 'warning',
							seen: 'on, for the containers of the Docker host',
							needed: 'nodes are not confined',
							remedy:
								'Privileged containers are not confined by it, but swarmlab was never run with it. If no node comes up, look for denials (ausearch -m avc), and start Docker with --selinux-enabled=false.',
						}
					: {
							name: 'AppArmor',
							state: 'ok',
							seen: 'on; it does not confine privileged containers',
							needed: 'nodes are not confined',
						},
		),
		...(plugins.length > 0
			? [
					{
						name: 'authorization',
						state: 'warning' as const,
						seen: `Docker asks ${plugins.join(', ')} before each call`,
						needed: 'privileged containers are allowed',
						remedy: 'Let it allow privileged containers, exec and import for this user; otherwise no node comes up.',
					},
				]
			: []),
	];
}

function desktop({info: {OperatingSystem = ''}}: DaemonFacts): Check[] {
	return OperatingSystem.includes('Docker Desktop')
		? [
				{
					name: 'Docker Desktop',
					state: 'warning',
					seen: 'the Docker host is its virtual machine, with a kernel of its own',
					needed: 'a Docker host of your own is better',
					remedy:
						'Give it enough memory (Settings, Resources). Its kernel is the kernel under test. If a node does not come up, use the Docker of the distribution: docker context use default.',
				},
			]
		: [];
}
