/** Another engine for a machine that is a container: a new container with its name, its address and its data. */
import type Docker from 'dockerode';
import {MachineError, NotProvenError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {ExecHandle, MachineHandle} from '../model/index.ts';
import {Attendant} from './attend.ts';
import {consoleTail} from './console.ts';
import {openDaemon} from './daemon.ts';
import {waitForDocker} from './docker.ts';
import {reasonOfExit, saidByEngine} from './engine-exit.ts';
import type {Machine} from './machine.ts';
import {waitUntil} from './wait.ts';

/** What its first process and its engine are started by; the provider has put these files into the container. */
const files = ['/usr/lib/swarmlab/container-init', '/usr/lib/swarmlab/node'];
/** Of a node with a variant: the folder of its files, and the word by which its first process starts the program in it. */
const [variantFolder, variantProgram] = ['/usr/lib/swarmlab/variant', 'variant/run'];

/**
 * Stops the engine of a machine in order, and starts the machine again from the image that `handle.upgrades` has for the label.
 * `/var/lib/docker` stays, with what the engine knows of its swarm; all else on its disk is new. Returns when the API answers.
 * @param whileDown runs while the machine is down
 * @throws TypeError if the machine has no such image; NotProvenError if the engine started and gave up with a message of its own;
 * MachineError if the machine does not come up again for another reason; what `whileDown` throws
 */
export async function upgradeMachine(
	machine: Machine,
	label: string,
	whileDown: () => Promise<void> = async () => {},
): Promise<void> {
	const {handle} = machine;
	const image = handle.upgrades?.[label];
	if (!isContainer(handle) || image === undefined) {
		throw new TypeError(
			`${handle.name} cannot get the engine ${label}; it can get ${Object.keys(handle.upgrades ?? {}).join(', ') || 'none'}`,
		);
	}

	await machine.run('/usr/lib/swarmlab/engine stop', {timeout: limits.engineRestart});
	const start = performance.now();
	const docker = openDaemon(handle.reach.daemon);
	let refuted: unknown;
	const observed = async () => {
		try {
			await whileDown();
		} catch (error) {
			refuted = error;
			throw error;
		}
	};

	try {
		const next = await replace(docker, handle, image, observed);
		// Its first process is another one.
		handle.pid = undefined;
		machine.hangUp();
		await new Attendant(`${handle.engine.socket}.log`).attend([
			{
				daemon: handle.reach.daemon,
				container: next.id,
				socket: handle.engine.socket,
				console: handle.console,
				append: true,
			},
		]);
		await waitUntilUp(next, reason => gaveUp(handle, label, start, reason));
	} catch (error) {
		// What did not hold while the machine was down is no trouble of the machine.
		const isSure = error === refuted || error instanceof MachineError || error instanceof NotProvenError;
		throw isSure ? error : troubleOf(handle, label, error);
	}

	try {
		await waitForDocker(machine);
	} catch (error) {
		const reason = await reasonOfEnd(machine).catch(() => undefined);
		throw reason === undefined ? error : gaveUp(handle, label, start, reason);
	}
}

/** The product's fault: the engine before it worked on this machine, and this one has said why it does not. */
function gaveUp({name}: MachineHandle, label: string, startMs: number, reason: string): NotProvenError {
	const seconds = (performance.now() - startMs) / 1000;
	return new NotProvenError(`${name} has the engine ${label}`, seconds, `the engine has ended: ${reason}`);
}

/** Returns why the engine of a machine has ended after it had begun to listen; undefined if it runs, or did not say why. */
async function reasonOfEnd(machine: Machine): Promise<string | undefined> {
	const {stdout} = await machine.exec(
		'kill -0 "$(cat /var/run/docker.pid)" 2> /dev/null || tail -n 30 /var/log/dockerd.log',
	);
	return reasonOfExit(stdout);
}

function isContainer(handle: MachineHandle): handle is ExecHandle {
	return handle.reach.by === 'docker-exec';
}

/** The new container is there, under the name, before the old one ends: whoever looks finds one that is about to start. */
async function replace(
	docker: Docker,
	{reach: {container: name}}: ExecHandle,
	image: string,
	whileDown: () => Promise<void>,
): Promise<Docker.Container> {
	const {Id, Config, HostConfig, NetworkSettings} = await docker.getContainer(name).inspect();
	const old = docker.getContainer(Id);
	const networks = Object.entries(NetworkSettings.Networks).map(([network, {IPAMConfig}]) => [network, {IPAMConfig}]);
	const next = await docker.createContainer({
		name: `${name}-next`,
		Image: image,
		Hostname: Config.Hostname,
		Labels: Config.Labels,
		Entrypoint: Config.Entrypoint,
		Cmd: Config.Cmd,
		// A volume without a name stays one: it goes with the container that had it last.
		HostConfig: {...HostConfig, VolumesFrom: [Id]},
		NetworkingConfig: {EndpointsConfig: Object.fromEntries(networks)},
	});
	const variant = Config.Cmd.includes(variantProgram) ? [variantFolder] : [];
	for (const path of [...files, ...variant]) {
		await next.putArchive(await old.getArchive({path}), {path: path.slice(0, path.lastIndexOf('/'))});
	}

	await old.rename({name: `${name}-before`});
	await next.rename({name});
	// Its processes have ended with the engine, but for containerd, which has nothing to say.
	await old.stop({t: limits.processStop});
	await whileDown();
	await next.start();
	await old.remove();
	return next;
}

/**
 * Waits until its first process says that the node is up, or that it never will be.
 * @param ended returns what to throw if the engine has ended, from the reason that it gave
 */
async function waitUntilUp(container: Docker.Container, ended: (reason: string) => Error): Promise<void> {
	await waitUntil(
		'the node is up',
		async () => {
			const log = await container.logs({stdout: true, stderr: true, tail: 100});
			const said = log.toString();
			const reason = reasonOfExit(saidByEngine(said) ?? '');
			if (reason !== undefined) {
				throw ended(reason);
			}

			const fatal = /swarmlab: FATAL: .*/.exec(said)?.[0];
			if (fatal) {
				throw new Error(fatal);
			}

			return /swarmlab: node up/.test(said)
				? {done: true, value: undefined}
				: {done: false, seen: said.trim().split('\n').at(-1) ?? ''};
		},
		{limit: limits.boot, ours: true},
	);
}

function troubleOf({name, console: file}: MachineHandle, label: string, error: unknown): MachineError {
	return new MachineError(name, `did not come up with the engine ${label}: ${(error as Error).message}`, {
		cause: error,
		remedy: `Read its console: ${file}`,
		consoleTail: consoleTail(file),
	});
}
