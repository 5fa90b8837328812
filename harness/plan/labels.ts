/** Gives different kernels and engines different labels. Pure. */
import {createHash} from 'node:crypto';
import type {Engine, Kernel} from '../model/index.ts';

/**
 * Gives items that share a label a longer one: by the first trait in which all of them differ, else by a hash. Equal items
 * (two specs that lead to one package) are kept once. Order is kept.
 */
function distinct<Item extends {label: string}>(items: readonly Item[], traitsOf: (item: Item) => string[]): Item[] {
	const unique = [...new Map(items.map(item => [JSON.stringify(item), item])).values()];
	return unique.map(item => {
		const group = unique.filter(other => other.label === item.label);
		return group.length === 1 ? item : {...item, label: `${item.label}-${suffix(item, group, traitsOf)}`};
	});
}

function suffix<Item>(item: Item, group: Item[], traitsOf: (item: Item) => string[]): string {
	const own = traitsOf(item);
	const distinguishing = own.findIndex(
		(_, index) => new Set(group.map(each => traitsOf(each)[index])).size === group.length,
	);
	const trait = own[distinguishing] ?? createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 8);
	// Labels become names of files, and parts of ids that a person types.
	return trait.replaceAll(/[^\w.-]+/g, '_');
}

/** Gives kernels of the same version different labels: by suite, then by release, then by package. */
export function distinctKernels(kernels: readonly Kernel[]): Kernel[] {
	return distinct(kernels, ({release, source}) => [
		source.type === 'package' ? source.package.suite : source.type,
		release,
		source.type === 'package' ? source.package.name : source.type,
	]);
}

/** Gives engines of the same version different labels: by suite, then by kind of source, then by repository. */
export function distinctEngines(engines: readonly Engine[]): Engine[] {
	return distinct(engines, ({source}) => [
		source.suite,
		source.type,
		source.type === 'package' ? (source.repository ?? source.package.suite) : 'tarball',
		source.type === 'package' ? `${source.package.name}_${source.package.version}` : 'tarball',
	]);
}
