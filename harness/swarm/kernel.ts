/** Finds which kernel features that claims need are missing on a machine. Each process asks each machine once. */
import type {Machine} from '../machine/index.ts';
import {type KernelFeature, lookForLacking, partsOf} from './features.ts';

interface Lacking {
	/** What `uname -r` prints. */
	release: string;
	/** Names of missing modules; empty if it has all. */
	modules: string[];
}

const known = new WeakMap<Machine, Map<string, Promise<Lacking>>>();

/** Changes nothing. Throws CommandError or MachineError; the next call then asks again. */
export async function lackingFor(machine: Machine, wanted: readonly KernelFeature[]): Promise<Lacking> {
	const asked = known.get(machine) ?? new Map<string, Promise<Lacking>>();
	known.set(machine, asked);
	const key = wanted.toSorted().join();
	const answer = asked.get(key) ?? look(machine, wanted);
	asked.set(key, answer);
	answer.catch(() => asked.delete(key));
	return answer;
}

async function look(machine: Machine, wanted: readonly KernelFeature[]): Promise<Lacking> {
	const release = await machine.run(['uname', '-r']);
	return {release, modules: await lookForLacking(machine, partsOf(wanted))};
}
