/** Helper containers of a run: started once, before its first swarm, and connected with the network of each swarm. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {HarnessError} from '../../errors.ts';
import {Attendant} from '../../machine/attend.ts';
import {consoleTail} from '../../machine/index.ts';
import type {DaemonAddress, HelperHandle, HelperSpec} from '../../model/index.ts';
import type {Helpers} from '../provider.ts';
import type {Library} from './library.ts';
import {labelsOf, prefixOf} from './names.ts';
import {recordSwarm} from './swarm-records.ts';

/** A helper container that is up. */
interface Helper {
	name: string;
	/** Id of the container. */
	container: string;
	/** File with its log. */
	log: string;
}

/** What starts them, and where. */
interface Place {
	daemon: DaemonAddress;
	library: Library;
	signal: AbortSignal;
	/** Receives what a helper container does now. */
	say: (name: string, doing: string) => void;
}

/** By the lease of their run: all its swarms use the same. */
const ofLease = new Map<string, Promise<Helper[]>>();

/**
 * Returns the helper containers of a run, started unless they are up.
 * @throws HarnessError; what it has made then has the labels of the run
 */
export async function ensureHelpers(specs: readonly HelperSpec[], helpers: Helpers, place: Place): Promise<Helper[]> {
	const starting = ofLease.get(helpers.lease) ?? startAll(specs, helpers, place);
	ofLease.set(helpers.lease, starting);
	return starting;
}

async function startAll(specs: readonly HelperSpec[], helpers: Helpers, place: Place): Promise<Helper[]> {
	const {daemon, library, signal, say} = place;
	const {lease, folder, trees} = helpers;
	const group = `${lease}-helpers`;
	fs.mkdirSync(folder, {recursive: true});
	recordSwarm(group, daemon);
	const attendant = new Attendant(path.join(folder, 'attend.log'));
	try {
		const started = await Promise.all(
			specs.map(async spec => {
				const {name} = spec;
				const log = path.join(folder, `${name}.log`);
				const image = await library.helperImage(spec, trees[name], {daemon, say: text => say(name, text)});
				signal.throwIfAborted();
				say(name, `its container starts, from ${image}`);
				try {
					const container = await library.startHelper(spec, {
						...{image, name: `${prefixOf(group)}${name}`, labels: labelsOf(group), log, signal},
					});
					say(name, 'is up');
					return {name, container, log};
				} catch (error) {
					throw troubleOf(name, log, error);
				}
			}),
		);
		await attendant.attend(started.map(({container, log}) => ({daemon, container, console: log})));
		return started;
	} finally {
		attendant.dismiss();
	}
}

function troubleOf(name: string, log: string, error: unknown): HarnessError {
	const said = consoleTail(log, 5);
	const why = `${(error as Error).message}${said.length > 0 ? `; it said last:\n${said.join('\n')}` : ''}`;
	return new HarnessError(`The helper container ${name} did not come up: ${why}`, {
		cause: error,
		remedy: `Look at services.${name} in the config; the log of the container: ${log}`,
	});
}

/** The last addresses of a range, below that of the bridge itself. */
const firstAddress = 240;

/** Returns the addresses that helper containers have on a LAN: in the order of the config, in the range `10.99.N` of the LAN. */
function addressesOf(helpers: readonly Helper[], range: string): HelperHandle[] {
	return helpers.map(({name, log}, index) => ({name, log, address: `${range}.${firstAddress + index}`}));
}

/** Connects helper containers with the network of a swarm. Returns what its nodes know of them. Throws HarnessError. */
export async function connectHelpers(
	docker: Docker,
	helpers: readonly Helper[],
	{name, range}: {name: string; range: string},
): Promise<HelperHandle[]> {
	const handles = addressesOf(helpers, range);
	await Promise.all(
		helpers.map(async ({container}, index) => {
			const {name: helper, address} = handles[index]!;
			try {
				await docker.getNetwork(name).connect({
					Container: container,
					EndpointConfig: {IPAMConfig: {IPv4Address: address}, Aliases: [helper]},
				});
			} catch (error) {
				throw new HarnessError(
					`The helper container ${helper} cannot be connected with ${name}: ${(error as Error).message}`,
					{cause: error},
				);
			}
		}),
	);
	return handles;
}
