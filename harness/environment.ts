/** Environment variables, as people and CIs set them. Imports nothing of ours. */

/**
 * Returns the value of a variable; undefined if it is empty or blank, because a CI sets an unknown value to an empty text.
 */
export function variable(name: string): string | undefined {
	return process.env[name]?.trim() ? process.env[name] : undefined;
}

/** Marks the processes of a lease: see processes/processes.ts. */
export const leaseVariable = 'SWARMLAB_LEASE';

/** Debian's folders for programs of root. They are not on an ordinary user's PATH. */
const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Returns PATH with the sbin folders at its end, so that mke2fs and depmod are found for an ordinary user, too. Empty parts
 * are left out: an empty part means the current folder.
 */
export function withSbin(searchPath = variable('PATH') ?? ''): string {
	const folders = searchPath.split(':').filter(Boolean);
	return [...folders, ...sbin.filter(folder => !folders.includes(folder))].join(':');
}

/** Returns what `make` returns. While it runs, these variables are not set; afterwards they are as before. */
export function withoutVariables<Made>(names: readonly string[], make: () => Made): Made {
	const before = setVariables(Object.fromEntries(names.map(name => [name, undefined])));
	try {
		return make();
	} finally {
		setVariables(before);
	}
}

/** Sets these variables, and removes those whose value is undefined. Returns what they were. */
export function setVariables(values: Record<string, string | undefined>): Record<string, string | undefined> {
	const before = Object.fromEntries(Object.keys(values).map(name => [name, process.env[name]]));
	for (const [name, value] of Object.entries(values)) {
		if (value === undefined) {
			delete process.env[name];
		} else {
			process.env[name] = value;
		}
	}

	return before;
}
