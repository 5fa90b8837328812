/** Names that every reader of JUnit keeps apart. */
import {legible} from './xml.ts';

/** A text on one line. */
export function oneLine(text: string): string {
	return legible(text).replaceAll(/\s+/g, ' ').trim();
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
	const given = new Set<string>();
	return name => {
		let candidate = name;
		for (let number = 2; given.has(candidate); number++) {
			candidate = `${name} (${number})`;
		}

		given.add(candidate);
		return candidate;
	};
}
