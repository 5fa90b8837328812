/** Checks the options of `swarmlab images`. Pure. */
import {UsageError} from '../errors.ts';
import type {ArtifactKind} from '../model/index.ts';
import type {CacheLimit} from '../store/evict.ts';

/** Kinds of artifacts, and the lists of packages, which lie elsewhere in the cache. */
export const kinds = [
	'kernel',
	'engine',
	'tree',
	'cloud',
	'images',
	'box',
	'template',
	'cluster',
	'fixture',
	'lists',
] as const satisfies (ArtifactKind | 'lists')[];

export interface ImagesFlags {
	kind?: string[];
	json?: boolean;
	olderThan?: string;
	maxSize?: string;
	all?: boolean;
	dryRun?: boolean;
}

/** Throws UsageError for an unknown kind, and for an option of the other action. */
export function checkImagesFlags(action: string, {kind = [], json, ...ofPrune}: ImagesFlags): void {
	const unknown = kind.find(each => !kinds.some(known => known === each));
	if (unknown !== undefined) {
		throw new UsageError(`--kind: there is no '${unknown}'`, {remedy: `The kinds are: ${kinds.join(', ')}`});
	}

	if (action === 'prune' && json) {
		throw new UsageError('--json is an option of `images list`', {remedy: 'swarmlab images list --json'});
	}

	const [wrong] = Object.keys(ofPrune);
	if (action === 'list' && wrong) {
		const option = `--${wrong.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
		throw new UsageError(`${option} is an option of \`images prune\``, {remedy: 'swarmlab images prune --dry-run'});
	}
}

/** Returns the limit up to which artifacts stay. Throws UsageError for a value that is not a number. */
export function limitOf({olderThan, maxSize, all}: ImagesFlags): CacheLimit {
	if (all) {
		return {days: 0};
	}

	return {
		...(olderThan === undefined && maxSize === undefined && {days: 30}),
		...(olderThan !== undefined && {days: number('--older-than', olderThan, 'days')}),
		...(maxSize !== undefined && {bytes: number('--max-size', maxSize, 'GiB') * 2 ** 30}),
	};
}

function number(option: string, text: string, unit: string): number {
	if (!/^\d+(\.\d+)?$/.test(text)) {
		throw new UsageError(`${option}: '${text}' is not valid: a number of ${unit}, 0 or more`);
	}

	return Number(text);
}
