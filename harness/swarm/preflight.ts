/** Checks that a machine runs the requested kernel and engine, and that the kernel has what swarm needs. */
import {NotApplicable} from '../errors.ts';
import type {Machine} from '../machine/index.ts';
import type {NodeSpec} from '../model/index.ts';
import {featuresOf, lookForLacking} from './features.ts';

/** Checks all machines of a cell, each against its own node. Throws MachineError or NotApplicable, as `preflight` does. */
export async function preflightAll(machines: readonly Machine[], nodes: readonly NodeSpec[]): Promise<void> {
	await Promise.all(
		machines.map(async machine => {
			const node = nodes.find(({name}) => name === machine.name);
			if (!node) {
				throw new TypeError(`The cell has no node ${machine.name}`);
			}

			await preflight(machine, node);
		}),
	);
}

/**
 * Checks one machine of a cell.
 * Throws MachineError when kernel or engine are not the requested ones (the lab is to blame), and NotApplicable, with what is
 * lacking, when the kernel lacks what swarm needs. It only reads, so the engine finds what it would have found without us.
 */
async function preflight(
	machine: Machine,
	{kernel, engine, variant}: Pick<NodeSpec, 'kernel' | 'engine' | 'variant'>,
): Promise<void> {
	const [identity, version] = await Promise.all([
		machine.run('uname -r; iptables --version'),
		machine.ask('version', docker => docker.version()),
	]);
	const [release = '', iptables = ''] = identity.split('\n');
	if (kernel.source.type !== 'host' && release !== kernel.release) {
		throw machine.trouble(`runs kernel ${release} and not ${kernel.release}`);
	}

	if (!isVersion(version.Version, engine.version)) {
		throw machine.trouble(`runs Docker ${version.Version} and not ${engine.version}`);
	}

	// What a variant withholds, it withholds on purpose: the engine is to do without.
	const withheld = (variant?.modules?.withhold ?? []).map(name => name.replaceAll('-', '_'));
	const wanted = featuresOf(engine.version, iptables).filter(({module}) => !withheld.includes(module));
	const lacking = await lookForLacking(machine, wanted);
	if (lacking.length > 0) {
		throw new NotApplicable(
			`kernel ${release} lacks ${lacking.join(', ')} for Docker ${engine.version}: neither built in nor in /lib/modules/${release}`,
		);
	}
}

/** Returns whether a printed version is the requested one: `20.10.24+dfsg1` is version `20.10.24`. */
export function isVersion(printed: string, asked: string): boolean {
	return printed === asked || (printed.startsWith(asked) && !/[\d.]/.test(printed[asked.length] ?? ''));
}
