/** Debian versions: their order, their beginnings, and the upstream part. */

/**
 * Compares two Debian versions; returns a negative number, 0 or a positive number (deb-version(7): epoch, upstream, revision;
 * `~` sorts before everything, even the end).
 */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [split(a), split(b)];
	return (
		left.epoch - right.epoch || comparePart(left.upstream, right.upstream) || comparePart(left.revision, right.revision)
	);
}

/** Whether `version` begins with the components of `prefix`. `6.1` is the beginning of `6.1.180-1`, not of `6.12.3`. */
export function hasPrefix(version: string, prefix: string): boolean {
	return (
		version.startsWith(prefix) &&
		(version.length === prefix.length || !/\d/.test(prefix.at(-1)!) || !/\d/.test(version[prefix.length]!))
	);
}

/** Returns the version that the program itself prints: `1:20.10.24+dfsg1-1+deb12u1` -> `20.10.24`. */
export function upstreamOf(version: string): string {
	return split(version).upstream.replace(/[+~].*$/, '');
}

function split(version: string): {epoch: number; upstream: string; revision: string} {
	const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version)!;
	const dash = rest.lastIndexOf('-');
	return {
		epoch: Number(epoch),
		upstream: dash < 0 ? rest : rest.slice(0, dash),
		revision: dash < 0 ? '0' : rest.slice(dash + 1),
	};
}

/** dpkg's verrevcmp: compares runs of non-digits by `rank` and runs of digits as numbers, in turn. */
function comparePart(a: string, b: string): number {
	let [i, j] = [0, 0];
	while (i < a.length || j < b.length) {
		while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
			const difference = rank(a[i]) - rank(b[j]);
			if (difference !== 0) {
				return difference;
			}

			i++;
			j++;
		}

		const [left, right] = [/^\d*/.exec(a.slice(i))![0], /^\d*/.exec(b.slice(j))![0]];
		const difference = Number(left) - Number(right);
		if (difference !== 0) {
			return difference;
		}

		i += left.length;
		j += right.length;
	}

	return 0;
}

/** Order of characters: `~` before the end, the end and digits before letters, letters before all others. */
function rank(character: string | undefined): number {
	if (character === undefined || isDigit(character)) {
		return 0;
	}

	return character === '~' ? -1 : /[a-z]/i.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function isDigit(character: string | undefined): boolean {
	return character !== undefined && character >= '0' && character <= '9';
}
