/** Finds the kernels or engines that the user asked for. Pure. */

import {nearestVersions} from '../artifacts/packages/neighbours.ts';
import {expandSeries, normaliseSpec} from '../artifacts/packages/spec-words.ts';
import {hasPrefix} from '../artifacts/packages/versions.ts';
import {UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';

/**
 * Returns the items that have a text with what was asked for in it (a version must begin with it); all, if nothing was asked
 * for.
 * @throws UsageError with the nearest versions when there is none.
 */
export function filterOffered<Item extends {label: string}>(
	what: 'kernel' | 'engine',
	items: readonly Item[],
	text: string | undefined,
	suites: readonly string[],
): Item[] {
	const labels = items.map(({label}) => label);
	const parts = expandSeries(normaliseSpec(text ?? ''), labels);
	const found = items.filter(item => !text || parts.some(part => texts(item).some(each => matchesRequest(each, part))));
	if (found.length === 0) {
		const wanted = parts[0]!;
		const near = /^\d/.test(wanted)
			? nearestVersions(wanted.replace(/[.*x]+$/i, ''), labels)
			: nearest(wanted, [...new Set(items.flatMap(texts))]);
		throw new UsageError(
			text
				? `No ${what} matches '${text}'.${near.length > 0 ? ` The nearest: ${near.join(', ')}.` : ''}`
				: `The suites ${suites.join(', ')} offer no ${what}.`,
			{remedy: text ? `swarmlab ${what}s` : 'Set packages.suites in swarmlab.config.ts, or --suites.'},
		);
	}

	return found;
}

/** Compares versions by whole components: `6.1` is not the beginning of `6.12`. */
function matchesRequest(given: string, text: string): boolean {
	return /^\d/.test(text) ? hasPrefix(given, text) : given.toLowerCase().includes(text.toLowerCase());
}

/** Returns every text of an item, at any depth: `6.1.180`, `bookworm`, `linux-image-…`. */
function texts(value: unknown): string[] {
	if (typeof value === 'string') {
		return [value];
	}

	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
