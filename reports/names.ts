/** Makes names that no reader of JUnit merges. */
import {legible, unmarked} from './xml.ts';

/** Returns a text on one line. */
export function oneLine(text: string): string {
	const shown = legible(text);
	// Most texts are on one line already. Returning the same string takes no memory.
	return /^\s|\s$|[^\S ]| {2}/.test(shown) ? shown.replaceAll(/\s+/g, ' ').trim() : shown;
}

/** Returns a text on one line as it will be in JUnit: names must differ there too. */
export function lineOfXml(text: string): string {
	return unmarked(oneLine(text)).trimEnd();
}

/** `scenarios/devstack/volumes.ts` has the area `devstack`. A file in no folder has the area `swarm`. */
export function area(file: string): string {
	const [, folder] = /^scenarios\/([^/]+)\//.exec(file) ?? [];
	return folder ? dotless(folder) : 'swarm';
}

/**
 * Replaces dots and other special characters: Jenkins splits package from class at the last dot, so versions must have none.
 */
export function dotless(name: string): string {
	return oneLine(name).replaceAll(/[^\w+-]/g, '_') || '_';
}

/** Returns a function that makes names unique: readers drop or merge cases with the same name. */
export function unique(): (name: string) => string {
	/** The next number to try for each name, so that a thousand equal names take a thousand steps. */
	const given = new Map<string, number>();
	return name => {
		let number = given.get(name) ?? 1;
		let candidate = name;
		while (given.has(candidate)) {
			number++;
			candidate = `${name} (${number})`;
		}

		given.set(name, number);
		given.set(candidate, given.get(candidate) ?? 1);
		return candidate;
	};
}
