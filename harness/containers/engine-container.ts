/** One container with an engine of a chosen version, for any test runner: a container of testcontainers like any other. */
import path from 'node:path';
import type Docker from 'dockerode';
import {
	AbstractStartedContainer,
	type StartedTestContainer,
	type StopOptions,
	type StoppedTestContainer,
} from 'testcontainers';
import {HarnessError} from '../errors.ts';
import {Attendant} from '../machine/attend.ts';
import {createClient} from '../machine/client.ts';
import {openDaemon} from '../machine/daemon.ts';
import type {Lease} from '../processes/leases.ts';
import {fatalIn, logOf} from '../providers/container/container-log.ts';
import {readInfo} from '../providers/container/daemon-info.ts';
import {dockerHost} from '../providers/container/docker-host.ts';
import {ensureImage} from '../providers/container/image.ts';
import {connectLibrary} from '../providers/container/library.ts';
import {labelsOf, prefixOf} from '../providers/container/names.ts';
import {NodeContainer} from '../providers/container/node-container.ts';
import {containerProvider} from '../providers/container/provider.ts';
import {recordSwarm} from '../providers/container/swarm-records.ts';
import {whileItAnswers} from '../providers/container/while-it-answers.ts';
import {createArtifactSource} from '../provision/artifacts.ts';
import {releaseLease} from '../run/cleanup.ts';
import {removeAbandoned, takeOwnership, withOwnProcesses} from './ownership.ts';
import {planCell} from './plan.ts';

export class EngineContainer extends NodeContainer {
	readonly #engine: string | undefined;

	/** @param engine as for `--docker`, such as `28.5`; default: as the config says, else the engine of this host's release */
	constructor(engine?: string) {
		// `start` chooses the image.
		super('swarmlab/engine');
		this.#engine = engine;
		this.withVolume('/var/lib/docker');
	}

	/** Returns when its engine answers. Throws UsageError or HarnessError; then nothing is left. */
	override async start(): Promise<StartedEngineContainer> {
		await removeAbandoned();
		const {cell, packages} = await planCell({engine: this.#engine, managers: 1, workers: 0, print: () => {}});
		return withOwnProcesses(async () => {
			const {lease, folder, runtime} = takeOwnership();
			try {
				const artifacts = await createArtifactSource(packages, () => {}).forCell(cell, containerProvider);
				const daemon = dockerHost();
				const docker = openDaemon(daemon);
				recordSwarm(path.basename(runtime), daemon);
				await connectLibrary(daemon);
				const attendant = new Attendant(path.join(folder, 'attend.log'));
				const [labels, prefix] = [labelsOf(runtime), prefixOf(runtime)];
				const {engine} = artifacts[cell.nodes[0]!.name]!;
				const starting = async () => {
					const image = await ensureImage(engine, {daemon, prefix, labels, onProgress: () => {}});
					this.withImage(image).withLabels(labels).withName(`${prefix}engine`);
					return super.start();
				};
				const started = await whileItAnswers(starting(), async () => readInfo(daemon));
				await refuseFatal(docker, started);
				const socket = path.join(runtime, 'docker.sock');
				await attendant.attend([{daemon, container: started.getId(), socket}]);
				return new StartedEngineContainer(started, {socket, lease});
			} catch (error) {
				await releaseLease(lease);
				throw error;
			}
		});
	}
}

/** Throws HarnessError with what the container says of why its engine does not come up. */
async function refuseFatal(docker: Docker, started: StartedTestContainer): Promise<void> {
	const fatal = fatalIn(await logOf(docker.getContainer(started.getId())));
	if (fatal !== undefined) {
		throw new HarnessError(`The engine did not come up: ${fatal}`);
	}
}

/** An engine that is up. `await using engine = await new EngineContainer('28.5').start()` stops it at the end of the block. */
export class StartedEngineContainer extends AbstractStartedContainer {
	readonly #socket: string;
	readonly #lease: Lease;

	constructor(started: StartedTestContainer, {socket, lease}: {socket: string; lease: Lease}) {
		super(started);
		this.#socket = socket;
		this.#lease = lease;
	}

	/** Leads to its engine from this host, as DOCKER_HOST takes it. */
	get dockerHost(): string {
		return `unix://${this.#socket}`;
	}

	/** A client of its engine. */
	docker(): Docker {
		return createClient({socketPath: this.#socket});
	}

	/** Removes it, with its volume. Throws Error with what could not be removed. */
	override async stop(options?: Partial<StopOptions>): Promise<StoppedTestContainer> {
		const stopped = await super.stop(options);
		const {leftovers} = await releaseLease(this.#lease);
		if (leftovers.length > 0) {
			throw new Error(`Could not be removed: ${leftovers.join('; ')}`);
		}

		return stopped;
	}
}
