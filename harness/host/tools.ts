/** The programs that swarmlab calls on this host, with their packages in Debian and Ubuntu: a row each. */
import {accessSync, constants} from 'node:fs';
import path from 'node:path';

export interface Tool {
	command: string;
	package: string;
	/** What it is for. */
	use: string;
}

export const tools: Tool[] = [
	{command: 'mmdebstrap', package: 'mmdebstrap', use: 'root filesystems'},
	{command: 'mke2fs', package: 'e2fsprogs', use: 'file system images'},
	{command: 'cpio', package: 'cpio', use: 'the initrd'},
	{command: 'xz', package: 'xz-utils', use: 'packages and modules'},
	{command: 'zstd', package: 'zstd', use: 'packages and modules'},
	{command: 'depmod', package: 'kmod', use: 'kernel modules'},
	{command: 'ssh', package: 'openssh-client', use: 'the way into the machines'},
	{command: 'ssh-keygen', package: 'openssh-client', use: 'their keys'},
	{command: 'dpkg-deb', package: 'dpkg', use: 'unpacks packages'},
	{command: 'apt-get', package: 'apt', use: 'fetches packages'},
];

/** Only without root: maps the users of a root filesystem to the ids that this user may use. */
export const toolsOfPlainUser: Tool[] = [
	{command: 'newuidmap', package: 'uidmap', use: 'root filesystems without root'},
];

/** Returns the absolute path of a program on a search path; undefined if it is not found. */
export function find(command: string, searchPath: string): string | undefined {
	return searchPath
		.split(':')
		.map(folder => path.join(folder, command))
		.find(isProgram);
}

function isProgram(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
