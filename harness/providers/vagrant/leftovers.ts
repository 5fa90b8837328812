/**
 * Finds machines and networks of libvirt by their names. Vagrant itself only knows those whose folder exists, but machines
 * are left over exactly when their folder is lost.
 */
import {ownPrefix} from './names.ts';
import {names, pool, tryVirsh, volumes} from './virsh.ts';

export interface Leftover {
	kind: 'machine' | 'disk' | 'network';
	name: string;
}

/** Returns all that this user's runs have in libvirt now, including runs in progress. Returns none without libvirt. */
export async function findMachines(prefix: string = ownPrefix()): Promise<Leftover[]> {
	const of = async (kind: Leftover['kind'], list: () => Promise<string[]>): Promise<Leftover[]> => {
		const found = await list().catch(() => []);
		return found.filter(name => name.startsWith(prefix)).map(name => ({kind, name}));
	};

	const [machines, networks] = await Promise.all([
		of('machine', async () => names('list', '--all', '--name')),
		of('network', async () => names('net-list', '--all', '--name')),
	]);
	return [...machines, ...(await of('disk', async () => [...(await volumes()).keys()])), ...networks];
}

/** Removes them, machines first. Never throws. Returns what is left. */
export async function removeMachines(leftovers: readonly Leftover[]): Promise<string[]> {
	const left: string[] = [];
	for (const kind of ['machine', 'disk', 'network'] as const) {
		const mine = leftovers.filter(each => each.kind === kind);
		const ended = await Promise.all(mine.map(async ({name}) => removal[kind](name).catch(String)));
		left.push(...mine.flatMap(({name}, index) => (ended[index] ? [`${kind} ${name}: ${ended[index]}`] : [])));
	}

	return left;
}

/** Functions that remove each kind. They return undefined on success, else why it is left. */
const removal: Record<Leftover['kind'], (name: string) => Promise<string | undefined>> = {
	async machine(name) {
		await tryVirsh(['destroy', name]);
		// Keeps the disks. Volumes are removed by name, because other machines share the one with the kernel's modules.
		return lastly(['undefine', name, '--nvram', '--managed-save', '--snapshots-metadata'], /failed to get domain/);
	},
	async disk(name) {
		return lastly(['vol-delete', '--pool', pool, name], /failed to get vol/);
	},
	async network(name) {
		await tryVirsh(['net-destroy', name]);
		return lastly(['net-undefine', name], /failed to get network/);
	},
};

/** Runs the last call of a removal. "Not found" (`gone`) counts as success. */
async function lastly(words: readonly string[], gone: RegExp): Promise<string | undefined> {
	const {exitCode, stderr} = await tryVirsh(words);
	return exitCode === 0 || gone.test(stderr) ? undefined : stderr.trim();
}
