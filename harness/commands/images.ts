/** `swarmlab images`: lists the artifacts in the cache, or removes some of them. */
import {Argument, Option} from 'commander';
import type {StoredArtifact} from '../store/stored.ts';
import {ago, inBytes} from './amounts.ts';
import {collectCsv, print, printAnswer, printJson, type Register} from './command.ts';
import {checkImagesFlags, type ImagesFlags, kinds, limitOf} from './images-flags.ts';
import {withNewKinds} from './old-names.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab images                             what is kept, the one used last first
  swarmlab images list --kind kernel --json   only kernels, for a program
  swarmlab images prune --dry-run             what was not used for 30 days
  swarmlab images prune --max-size 20         the least recently used, until the rest fits 20 GiB
  swarmlab images prune --all --kind fixture  every fixture snapshot that is not in use`;

export const registerImages: Register = program => {
	program
		.command('images')
		.summary('list what is built and kept, or make it smaller')
		.description(
			'Lists what is built and kept in the cache (kernels, engines, packaged clouds, boxes, snapshots), or removes what is not in use.',
		)
		.addArgument(new Argument('[action]', 'what to do').choices(['list', 'prune']).default('list'))
		.option('--kind <kinds>', `only these: ${kinds.join(', ')}`, collectCsv)
		.option('--json', 'list: print JSON')
		.option('--older-than <days>', 'prune: what was not used for so many days (30, if nothing else is asked for)')
		.option('--max-size <GiB>', 'prune: the least recently used, until the rest fits')
		.addOption(new Option('--all', 'prune: everything that is not in use').conflicts(['olderThan', 'maxSize']))
		.option('--dry-run', 'prune: only show it')
		.addHelpText('after', examples)
		.action(async (action: string, written: ImagesFlags) => {
			const flags = {...written, kind: withNewKinds(written.kind)};
			checkImagesFlags(action, flags);
			const {listArtifacts, listPackageLists} = await import('../store/stored.ts');
			const all = [...(await listArtifacts()), ...(await listPackageLists())].sort((a, b) => b.usedAt - a.usedAt);
			const artifacts = all.filter(({kind}) => flags.kind?.includes(kind) ?? true);
			await (action === 'prune' ? prune(artifacts, flags) : show(artifacts, flags));
			if (action === 'prune' && (flags.kind?.includes('tree') ?? true)) {
				const {pruneHostImages} = await import('./host-images.ts');
				await pruneHostImages(flags.dryRun ?? false);
			}
		});
};

async function show(artifacts: StoredArtifact[], {json}: ImagesFlags): Promise<void> {
	const {sizeOf} = await import('../store/evict.ts');
	const {foldersInUse} = await import('../store/in-use.ts');
	const inUse = await foldersInUse();
	if (json) {
		const asText = (time: number) => new Date(time).toISOString();
		printJson(
			'images',
			artifacts.map(each => ({...each, usedAt: asText(each.usedAt), inUse: inUse.has(each.folder)})),
		);
		return;
	}

	const rows = artifacts.map(({kind, label, size, builtAt, usedAt, folder}) => {
		const used = inUse.has(folder) ? 'in use' : usedAt > 0 ? ago(usedAt) : 'never';
		return [kind, inBytes(size), ago(Date.parse(builtAt)), used, label];
	});
	const total = ['total', inBytes(sizeOf(artifacts)), '', '', ''];
	printAnswer(table([['KIND', 'SIZE', 'BUILT', 'LAST USED', 'LABEL'], ...rows, total]));
}

async function prune(artifacts: StoredArtifact[], flags: ImagesFlags): Promise<void> {
	const limit = limitOf(flags);
	const {overLimit, sizeOf} = await import('../store/evict.ts');
	const {findAbandoned, listsKind, removeAbandoned, removeArtifacts, removePackageLists} = await import(
		'../store/stored.ts'
	);
	const inUse = await neededNow(artifacts);
	const chosen = overLimit(artifacts, limit, inUse);
	const isLists = ({kind}: StoredArtifact) => kind === listsKind;
	const gone = flags.dryRun
		? chosen
		: [
				...(await removeArtifacts(chosen.filter(each => !isLists(each)))),
				...(await removePackageLists(chosen.filter(isLists))),
			];
	for (const folder of flags.dryRun ? await findAbandoned() : await removeAbandoned()) {
		print(`${flags.dryRun ? 'would remove' : 'removed'} what a dead builder left: ${folder}`);
	}

	const stay = overLimit(artifacts, limit, new Set()).filter(({folder}) => inUse.has(folder));
	if (stay.length > 0) {
		print(`in use, so it stays: ${stay.map(({kind, label}) => `${kind} ${label}`).join('; ')}`);
	}

	if (gone.length > 0) {
		printAnswer(
			table(
				gone.map(({kind, label, size, usedAt}) => [
					kind,
					inBytes(size),
					usedAt > 0 ? `used ${ago(usedAt)}` : 'never used',
					label,
				]),
			),
		);
	}

	const freed = sizeOf(gone);
	const sum = `${gone.length} of ${artifacts.length}, ${inBytes(freed)}; ${inBytes(sizeOf(artifacts) - freed)}`;
	printAnswer(flags.dryRun ? `would remove ${sum} would stay` : `removed ${sum} stay`);
}

/** Returns the folders that machines have open, and those that a run under way has chosen and may still open. */
async function neededNow(artifacts: StoredArtifact[]): Promise<Set<string>> {
	const {foldersInUse} = await import('../store/in-use.ts');
	const {readLeases} = await import('../processes/leases.ts');
	const {isAlive} = await import('../processes/processes.ts');
	const underWay = readLeases().filter(({owner}) => isAlive(owner));
	const since = Math.min(...underWay.map(({createdAt}) => Date.parse(createdAt)));
	const chosen = artifacts.filter(({usedAt}) => usedAt >= since).map(({folder}) => folder);
	return new Set([...(await foldersInUse()), ...chosen]);
}
