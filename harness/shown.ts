/** How a file is written for people. Imports nothing of ours. */
import path from 'node:path';

/** Whether a file lies in a folder or below it. */
export function isBelow(folder: string, file: string): boolean {
	const way = path.relative(folder, file);
	return way !== '..' && !way.startsWith('../');
}

/**
 * A file as it is written for people who stand in a folder: relative where that is a way down, else absolute, as
 * `../../../tmp/x` leads nowhere from any other folder. The folder itself is an empty text.
 */
export function displayPath(folder: string, file: string): string {
	return isBelow(folder, file) ? path.relative(folder, file) : path.resolve(file);
}
