/** The checksums of an artifact, and the check that its files are still as they were built. */
import {createHash} from 'node:crypto';
import {createReadStream, type Stats} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {object, readStored, table, text} from '../shape.ts';
import {writeAtomically} from '../write-atomically.ts';

export interface ManifestFile {
	sha256: string;
	/** Bytes. */
	size: number;
}

export interface Manifest {
	kind: string;
	label: string;
	key: string;
	recipe: unknown;
	/** ISO 8601, UTC. */
	builtAt: string;
	/** Seconds. */
	builtIn: number;
	/** By path relative to the artifact's folder. */
	files: Record<string, ManifestFile>;
}

export const manifestName = 'manifest.json';

/** Returns the sha256 of a file, in hex. */
export async function sha256File(file: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file, {highWaterMark: 1 << 20}), hash);
	return hash.digest('hex');
}

/** Returns the checksum and size of every regular file in `folder`, without its manifest. */
export async function describeFiles(folder: string): Promise<Record<string, ManifestFile>> {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files: Record<string, ManifestFile> = {};
	for (const entry of entries.filter(each => each.isFile() && each.name !== manifestName)) {
		const file = path.join(entry.parentPath, entry.name);
		files[path.relative(folder, file)] = {sha256: await sha256File(file), size: (await stat(file)).size};
	}

	return files;
}

/** Returns the manifest in `folder`; undefined if there is none, it cannot be read, or it is not a manifest. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
	try {
		const manifest: unknown = JSON.parse(await readFile(path.join(folder, manifestName), 'utf8'));
		return isManifest(manifest) ? manifest : undefined;
	} catch {
		return undefined;
	}
}

/** Checks the shape of a manifest: a full disk or an edit by hand can leave any JSON. */
function isManifest(value: unknown): value is Manifest {
	const {kind, label, key, builtAt, files} = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
	return (
		[kind, label, key, builtAt].every(each => typeof each === 'string') &&
		!Number.isNaN(Date.parse(builtAt as string)) &&
		typeof files === 'object' &&
		files !== null &&
		Object.values(files).every(file => typeof file?.sha256 === 'string' && typeof file.size === 'number')
	);
}

/**
 * Returns what is wrong with the artifact in `folder` in one sentence, or undefined if it is whole.
 *
 * Sizes are compared at every use. Contents are hashed once per boot of the host, and again if a file's times, size or
 * inode have changed since: a gigabyte takes a second to hash, and within one boot an unchanged file comes from the same
 * page cache. `seenFile`, outside the artifact, records which files were hashed.
 */
export async function findDamage(folder: string, manifest: Manifest, seenFile: string): Promise<string | undefined> {
	const boot = await bootId();
	const seen = readVerified(seenFile, boot);
	for (const [name, expected] of Object.entries(manifest.files)) {
		const file = path.join(folder, name);
		const status = await stat(file).catch(() => undefined);
		if (!status) {
			return `${name} is missing`;
		}

		if (status.size !== expected.size) {
			return `${name} has ${status.size} bytes instead of ${expected.size}`;
		}

		const look = fingerprintOf(status);
		if (seen.files[name] === look) {
			continue;
		}

		if ((await sha256File(file)) !== expected.sha256) {
			return `${name} does not have the checksum that it was built with`;
		}

		seen.files[name] = look;
	}

	// The time of the file is the time of the artifact's last use, so it is written even if nothing is new.
	writeVerified(seenFile, seen);
	return undefined;
}

/** Records the files of an artifact that was just made as whole: they were hashed for its manifest. */
export async function recordVerified(folder: string, manifest: Manifest, seenFile: string): Promise<void> {
	const boot = await bootId();
	const looks = Object.keys(manifest.files).map(
		async name => [name, fingerprintOf(await stat(path.join(folder, name)))] as const,
	);
	writeVerified(seenFile, {boot, files: Object.fromEntries(await Promise.all(looks))});
}

/** Never throws: without this file the files of the artifact are only hashed once more. */
function writeVerified(seenFile: string, seen: VerifiedFiles): void {
	try {
		writeAtomically(seenFile, JSON.stringify(seen));
	} catch {
		// The disk is full, or the folder is gone.
	}
}

function fingerprintOf({mtimeMs, ctimeMs, size, ino}: Stats): string {
	return `${mtimeMs}/${ctimeMs}/${size}/${ino}`;
}

async function bootId(): Promise<string> {
	return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

interface VerifiedFiles {
	boot: string;
	files: Record<string, string>;
}

const verified = object<VerifiedFiles>({boot: text(), files: table(text())});

function readVerified(file: string, boot: string): VerifiedFiles {
	const {value: seen} = readStored(file, verified);
	return boot !== '' && seen?.boot === boot ? seen : {boot, files: {}};
}
