/** Finds the artifacts that a process has open: machines that are up have their disks, modules and memory open. */
import {readdir, readFile, readlink, realpath} from 'node:fs/promises';
import path from 'node:path';
import {artifactsFolder} from './cache.ts';

/**
 * Returns the folders of the artifacts of which any process has a file open or mapped: the memory of a restored machine,
 * the disks below its own. Processes of other users cannot be inspected; other users have their own cache.
 */
/** @param root the folder of these folders */
export async function foldersInUse(root = artifactsFolder()): Promise<Set<string>> {
	// The kernel reports paths without symbolic links, and the cache folder may be such a link, to a larger disk.
	const real = await realpath(root).catch(() => root);
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const files = (
		await Promise.all(pids.map(async pid => [...(await opened(pid)), ...(await mapped(pid, real))]))
	).flat();
	const below = files.filter(file => file.startsWith(`${real}/`));
	return new Set(below.map(file => path.join(root, path.relative(real, file).split('/')[0]!)));
}

async function opened(pid: string): Promise<string[]> {
	const folder = `/proc/${pid}/fd`;
	const descriptors = await readdir(folder).catch(() => []);
	// A descriptor may be closed between the two looks.
	return Promise.all(descriptors.map(async each => readlink(path.join(folder, each)).catch(() => '')));
}

/** Paths are the last column of /proc/PID/maps (proc_pid_maps(5)) and may have blanks in them. */
async function mapped(pid: string, root: string): Promise<string[]> {
	const text = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '');
	return text.includes(root) ? [...text.matchAll(/ (\/.*)$/gm)].map(([, file]) => file!) : [];
}
