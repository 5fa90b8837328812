/** How paths are shown to people. Imports nothing of ours. */
import path from 'node:path';

/** Returns whether a path is the folder itself or below it. */
export function isBelow(folder: string, file: string): boolean {
	const way = path.relative(folder, file);
	return way !== '..' && !way.startsWith('../');
}

/**
 * Returns a path as it is shown to a person in `folder`: relative if it is below the folder, else absolute, because
 * `../../../tmp/x` is wrong in any other folder. For the folder itself it returns an empty text.
 */
export function displayPath(folder: string, file: string): string {
	return isBelow(folder, file) ? path.relative(folder, file) : path.resolve(file);
}
