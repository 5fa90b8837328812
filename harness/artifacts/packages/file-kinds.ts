/** Files that a user names: whether they exist, and their kind, by their first bytes. */
import {existsSync} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {UsageError} from '../../errors.ts';

/** Kinds of files by their beginning: a pattern for its latin1 text, or hex digits. The first row that matches counts. */
const kinds: [begins: RegExp | string, what: string][] = [
	[/^!<arch>\n/, 'the beginning of a Debian package or of another ar archive'],
	['1f8b', 'a gzip archive'],
	['fd377a585a', 'an xz archive'],
	['28b52ffd', 'a zstd archive'],
	['504b0304', 'a zip archive'],
	['7f454c46', 'an ELF file, such as vmlinux'],
	[/^.{257}ustar/s, 'a tar archive'],
	[/^.{514}HdrS/s, 'a kernel image'],
	[/^\s*<(!doctype html|html|\?xml)/i, 'a web page'],
	[/^[\t\n\r\x20-\x7e]*$/, 'a text'],
];

/** Returns the kind of a file: `a folder`, `an empty file (0 bytes)`, `a web page (512 bytes)`. */
export async function whatIsAt(file: string): Promise<string> {
	const status = await stat(file);
	if (!status.isFile()) {
		return status.isDirectory() ? 'a folder' : 'no ordinary file';
	}

	if (status.size === 0) {
		return 'an empty file (0 bytes)';
	}

	const handle = await open(file);
	try {
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
		const [head, hex] = [buffer.toString('latin1', 0, bytesRead), buffer.toString('hex', 0, 8)];
		const isOf = (begins: RegExp | string) => (typeof begins === 'string' ? hex.startsWith(begins) : begins.test(head));
		const what = kinds.find(([begins]) => isOf(begins))?.[1] ?? 'a file of another kind';
		return `${what} (${status.size} bytes)`;
	} finally {
		await handle.close();
	}
}

/** Checks that a file can be read. @throws UsageError when it does not exist, is a folder, or cannot be read */
export async function requireFile(file: string): Promise<void> {
	const isFile = await stat(file).then(
		status => status.isFile(),
		cause => {
			throw unreadable(file, cause);
		},
	);
	if (!isFile) {
		throw new UsageError(`${file} is not a file: it is ${await whatIsAt(file)}.`, {
			remedy: 'Name the very file: a .deb of a kernel, a .tgz of an engine.',
		});
	}

	const handle = await open(file).catch(cause => {
		throw unreadable(file, cause);
	});
	await handle.close();
}

function unreadable(file: string, cause: unknown): UsageError {
	return new UsageError(`${file} is not there or cannot be read.`, {
		cause,
		remedy: `Correct the path; one that is not absolute begins in ${process.cwd()}.`,
	});
}

/** Returns the absolute path. Replaces `~` by the user's home, because no shell does so for a path in a config. */
export function absolute(file: string): string {
	return path.resolve(file.replace(/^~(?=$|\/)/, os.homedir()));
}

/** Whether a file or folder of that name exists in the current folder. */
export function isThere(name: string): boolean {
	return name !== '' && existsSync(name);
}
