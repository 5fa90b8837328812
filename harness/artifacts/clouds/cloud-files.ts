/** What makes a root filesystem with OpenStack's packages a machine on which somebody runs stack.sh. */
import {appendFile, chmod, copyFile, mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Our own files for such a machine. */
export const cloudFolder = path.join(import.meta.dirname, 'files');

/** Where the tree with stack.sh is put; it is carried in later, so that another tree needs no other disk. */
const home = 'opt/stack';

/** Files of `cloudFolder` that take the place of those which every machine has. */
const instead: Record<string, string> = {
	start: 'usr/lib/swarmlab/start',
};

/** Owners of files need a number; none of the packages has this one. */
const id = 1000;

/** `root` has been furnished as every machine. */
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

/** Absolute, sorted: what the artifact depends on. */
export async function cloudFiles(): Promise<string[]> {
	const entries = await readdir(cloudFolder, {recursive: true, withFileTypes: true});
	return entries
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name))
		.sort();
}
