/** A file that a user names by path or URL, with the checksum that it must have. */
import {UsageError} from '../../errors.ts';
import {sha256File} from '../../store/manifest.ts';
import {absolute, requireFile} from './file-kinds.ts';

export interface Location {
	/** Absolute path, or URL. */
	location: string;
	sha256: string;
	/** Other values behind the `#`: `version=1.12.6`. */
	parameters: Record<string, string>;
}

/**
 * Parses `LOCATION#sha256=HEX&key=value`. A file of this host needs no checksum: it is computed.
 * @throws UsageError for a URL without a checksum, a checksum that is invalid or wrong, or a file that cannot be read
 */
export async function parseLocation(text: string): Promise<Location> {
	const [before, fragment = ''] = text.split('#') as [string, string?];
	const parameters = Object.fromEntries(new URLSearchParams(fragment));
	const local = localFile(before);
	if (local) {
		await requireFile(local);
	}

	const given = parameters.sha256?.toLowerCase();
	if (given !== undefined && !/^[\da-f]{64}$/.test(given)) {
		throw new UsageError(`'${given}' is not a sha256 checksum (64 hex digits), in ${text}.`);
	}

	if (!local && !given) {
		throw new UsageError(`${before} has no checksum: what comes over the network must be what you meant.`, {
			remedy: `Write ${before}#sha256=HEX; sha256sum prints it.`,
		});
	}

	const actual = local ? await sha256File(local) : given!;
	if (given && actual !== given) {
		throw new UsageError(`${local} has the checksum ${actual}, not ${given}.`, {
			remedy: 'Fetch the file again, or correct the checksum.',
		});
	}

	return {location: local ?? before, sha256: actual, parameters};
}

/** Returns the path of a location on this host; undefined for a URL that must be fetched. */
export function localFile(location: string): string | undefined {
	// Not fileURLToPath: it throws for a URL with a host, and people write one slash or two after `file:`.
	return /^https?:/.test(location) ? undefined : absolute(location.replace(/^file:(\/\/(?=\/))?/, ''));
}
