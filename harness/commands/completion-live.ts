/** What only this host knows of the words of a command line. It fetches nothing, as a person waits at each key. */
import type {LiveKind} from './completion-words.ts';

/** Returns the words; none if they cannot be read. Never throws. */
export async function liveWords(kind: LiveKind): Promise<string[]> {
	try {
		return await readers[kind]();
	} catch {
		return [];
	}
}

const readers: Record<LiveKind, () => Promise<string[]>> = {
	async kernels() {
		const {listKernels} = await import('../artifacts/kernels/kernels.ts');
		return (await listKernels(await fetchedPackages())).map(({label}) => label);
	},
	async engines() {
		const {listEngines} = await import('../artifacts/engines/engines.ts');
		return (await listEngines(await fetchedPackages())).map(({label}) => label);
	},
	async cells() {
		return (await cellsUp()).flatMap(({handle}) => [handle.cell.id, handle.run]);
	},
	async nodes() {
		return (await cellsUp()).at(-1)?.handle.machines.map(({name}) => name) ?? [];
	},
	async places() {
		return (await readers.nodes()).map(name => `${name}:`);
	},
	async saved() {
		return (await import('../run/saved.ts')).listSaved().map(({name}) => name);
	},
	async runs() {
		const {listRuns} = await import('../record/find.ts');
		return ['latest', ...listRuns().toReversed()];
	},
};

async function cellsUp() {
	return (await import('../run/by-hand.ts')).cellsUp();
}

/** The packages of the config with the lists that were fetched before, however old. */
async function fetchedPackages() {
	const {readConfig, readPackages} = await import('../plan/resolve.ts');
	const packages = await readPackages(await readConfig({}));
	return {...packages, rows: async () => packages.fetchedRows()};
}
