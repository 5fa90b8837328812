/** The part of what can be had that a person asked for. Pure. */
import {UsageError} from '../errors.ts';
import {around} from '../images/neighbours.ts';
import {hasPrefix} from '../images/versions.ts';
import {nearest} from '../nearest.ts';

/**
 * Those of which any text contains what was asked for (a version: begins with it); all, if nothing was.
 * @throws UsageError with the nearest versions when there is none.
 */
export function offered<Item extends {label: string}>(
	what: 'kernel' | 'engine',
	items: readonly Item[],
	text: string | undefined,
	suites: readonly string[],
): Item[] {
	const found = items.filter(item => !text || texts(item).some(each => isMeant(each, text)));
	if (found.length === 0) {
		const labels = [...new Set(items.map(({label}) => label))];
		const near = /\d/.test(text ?? '') ? around(text!, labels) : nearest(text ?? '', labels);
		throw new UsageError(
			text
				? `No ${what} matches '${text}'.${near.length > 0 ? ` The nearest: ${near.join(', ')}.` : ''}`
				: `The suites ${suites.join(', ')} offer no ${what}.`,
			{remedy: text ? `swarmlab ${what}s` : 'Set packages.suites in swarmlab.config.ts, or --suites.'},
		);
	}

	return found;
}

/** A version is meant by whole components: `6.1` is not the beginning of `6.12`. */
function isMeant(given: string, text: string): boolean {
	return /^\d/.test(text) ? hasPrefix(given, text) : given.toLowerCase().includes(text.toLowerCase());
}

/** Every text of an item, however deep: `6.1.180`, `bookworm`, `linux-image-…`. */
function texts(value: unknown): string[] {
	if (typeof value === 'string') {
		return [value];
	}

	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
