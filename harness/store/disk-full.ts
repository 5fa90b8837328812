/** Reports a disk that is full during a build as an error of the host, with sizes, instead of as the exit code of a tool. */
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError} from '../errors.ts';

/** Builders are child processes (apt, dpkg, mke2fs, tar), so ENOSPC appears only as text on their stderr. */
const texts =
	/ENOSPC|No space left on device|Disk quota exceeded|EDQUOT|Could not allocate block in ext2|not enough free space/i;

/** Returns the error as an ArtifactError with free and written sizes, if a full disk caused it; otherwise undefined. */
export async function asDiskFull(
	error: unknown,
	request: {kind: string; label: string},
	folder: string,
): Promise<ArtifactError | undefined> {
	if (!causes(error).some(isDiskFull)) {
		return undefined;
	}

	const {bavail, bsize} = await statfs(path.dirname(folder));
	const {execa} = await import('execa');
	const {stdout = ''} = await execa('du', ['-s', '-k', folder], {reject: false});
	const written = Number.parseInt(stdout, 10) * 1024 || 0;
	return new ArtifactError(
		`The disk is full: ${request.kind} ${request.label} had written ${mebibytes(written)} and needs more; ` +
			`${mebibytes(bavail * bsize)} are free under ${path.dirname(folder)}.`,
		{
			cause: error,
			remedy: 'Make room there, or set SWARMLAB_CACHE to a folder on a larger disk. Nothing of the attempt was kept.',
		},
	);
}

/** Returns whether an error, or the output of a program in it, is about a full disk. */
export function isDiskFull(error: unknown): boolean {
	if (error instanceof Error && error.cause !== undefined && isDiskFull(error.cause)) {
		return true;
	}

	const {code, stderr, message, output} = (error ?? {}) as Record<string, unknown>;
	return (
		code === 'ENOSPC' ||
		code === 'EDQUOT' ||
		[stderr, message, output].some(text => typeof text === 'string' && texts.test(text))
	);
}

function causes(error: unknown): unknown[] {
	const chain: unknown[] = [];
	for (let each = error; each instanceof Error && chain.length < 10; each = each.cause) {
		chain.push(each);
	}

	return chain.length > 0 ? chain : [error];
}

/** `12 MiB`, rounded up. */
export function mebibytes(bytes: number): string {
	return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
