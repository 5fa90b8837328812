/** Which artifacts somebody has open: machines that are up hold their disks, modules and memory so. */
import {readdir, readFile, readlink, realpath} from 'node:fs/promises';
import path from 'node:path';
import {artifactsFolder} from './cache.ts';

/**
 * Folders of the artifacts that have a file open in any process, or mapped: the memory of a restored machine, the disks
 * below its own. Processes of other users cannot be looked into, and have a cache of their own.
 */
export async function foldersInUse(): Promise<Set<string>> {
	const root = artifactsFolder();
	// The kernel tells names without symbolic links, and a cache is easily moved to a larger disk by one.
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
