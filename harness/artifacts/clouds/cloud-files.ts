/** Turns a root filesystem with OpenStack's packages into that of a machine on which stack.sh can run. */
import {appendFile, chmod, copyFile, mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Our own files for such a machine. */
export const cloudFolder = path.join(import.meta.dirname, 'files');

/** Folder of the tree with stack.sh. The tree is copied in later, so that one disk serves for all trees. */
const home = 'opt/stack';

/** Files of `cloudFolder` that replace a file that every machine has, each with the path of that file. */
const instead: Record<string, string> = {
	start: 'usr/lib/swarmlab/start',
};

/** User and group id of `stack`. No package uses this number. */
const id = 1000;

/** Adds the user `stack` and the files of a cloud to `root`. Call `furnish` on `root` first. */
export async function furnishCloud(root: string): Promise<void> {
	for (const [name, target] of Object.entries(instead)) {
		await copyFile(path.join(cloudFolder, name), path.join(root, target));
	}

	await appendFile(path.join(root, 'etc/passwd'), `stack:x:${id}:${id}::/${home}:/bin/bash\n`);
	await appendFile(path.join(root, 'etc/group'), `stack:x:${id}:\n`);
	await appendFile(path.join(root, 'etc/shadow'), 'stack:*:19000:0:99999:7:::\n');
	const sudoers = path.join(root, 'etc/sudoers.d/stack');
	await writeFile(sudoers, 'stack ALL=(ALL) NOPASSWD: ALL\n');
	await chmod(sudoers, 0o440);
	await mkdir(path.join(root, home), {recursive: true});
}

/** Returns the files that the artifact depends on: absolute paths, sorted. */
export async function cloudFiles(): Promise<string[]> {
	const entries = await readdir(cloudFolder, {recursive: true, withFileTypes: true});
	return entries
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name))
		.sort();
}
