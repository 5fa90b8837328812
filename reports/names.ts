/** Names that every reader of JUnit keeps apart. */
import {legible, unmarked} from './xml.ts';

/** A text on one line. */
export function oneLine(text: string): string {
	const shown = legible(text);
	// Most are so already, and the very text takes no room of its own.
	return /^\s|\s$|[^\S ]| {2}/.test(shown) ? shown.replaceAll(/\s+/g, ' ').trim() : shown;
}

/** A text on one line, as it will stand in JUnit: names must differ there, not only here. */
export function lineOfXml(text: string): string {
	return unmarked(oneLine(text)).trimEnd();
}

/** `scenarios/devstack/volumes.ts` is of the area `devstack`; what lies in no folder is of `swarm`. */
export function area(file: string): string {
	const [, folder] = /^scenarios\/([^/]+)\//.exec(file) ?? [];
	return folder ? dotless(folder) : 'swarm';
}

/** Jenkins splits package from class at the last dot, so versions must have none. */
export function dotless(name: string): string {
	return oneLine(name).replaceAll(/[^\w+-]/g, '_') || '_';
}

/** Readers drop or merge what has the name of another. */
export function unique(): (name: string) => string {
	/** By name, the number that the next of that name may have: a thousand of one name are told apart in a thousand steps. */
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
