/** The variables of the environment, as people and CIs set them. Imports nothing of ours. */

/** What a variable says. One that is empty or blank says nothing: a CI sets what it does not know to an empty text. */
export function variable(name: string): string | undefined {
	return process.env[name]?.trim() ? process.env[name] : undefined;
}

/** Where Debian keeps what only root used to call; a plain user's PATH lacks it. */
const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * PATH with the sbin folders at its end, so that mke2fs and depmod are found by a plain user too. An empty part is left out:
 * it would mean the folder that a command is typed in.
 */
export function withSbin(searchPath = variable('PATH') ?? ''): string {
	const folders = searchPath.split(':').filter(Boolean);
	return [...folders, ...sbin.filter(folder => !folders.includes(folder))].join(':');
}
