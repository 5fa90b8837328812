/** Images that runs have made outside of the cache: removes those that no run will use again. */
import {listArtifacts} from '../store/stored.ts';
import {inBytes} from './amounts.ts';
import {printAnswer} from './command.ts';

/** Prints what it removes, or would remove. Where nothing answers there is nothing to do: not every host has what providers use. */
export async function pruneHostImages(dryRun: boolean): Promise<void> {
	const {providers} = await import('../providers/providers.ts');
	const trees = new Set((await listArtifacts()).filter(({kind}) => kind === 'tree').map(({key}) => key));
	for (const provider of Object.values(providers)) {
		const {where, images} = (await provider.oldImages?.(trees).catch(() => undefined)) ?? {where: '', images: []};
		for (const {name, bytes, remove} of images) {
			const stays = dryRun ? undefined : await remove();
			const what = `${name} ${where}, ${inBytes(bytes)}`;
			printAnswer(stays ? `${what}: stays, ${stays}` : `${dryRun ? 'would remove' : 'removed'} ${what}`);
		}
	}
}
