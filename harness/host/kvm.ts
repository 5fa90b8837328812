/** The state of /dev/kvm: whether it exists, whether this user may open it, and whether the processor supports it. */
import fs from 'node:fs';
import {stat} from 'node:fs/promises';
import os from 'node:os';
import {getSystemErrorName} from 'node:util';
import {execa} from 'execa';

export interface Kvm {
	/** Result of opening it for reading and writing: `ok`, or the code of the error, such as `ENOENT`. */
	opened: string;
	/** Name of this user. */
	user: string;
	isRoot: boolean;
	/** Group of the device; undefined if there is no device. */
	group?: string;
	/** Whether that group may read and write it. */
	isOpenToGroup?: boolean;
	/** Whether the user is in the group, by the group database. After `adduser` only a new session has the group. */
	isInGroup?: boolean;
}

/** Opens the device as QEMU would, and reads who may open it. */
export async function readKvm(device = '/dev/kvm'): Promise<Kvm> {
	const {username: user, uid} = os.userInfo();
	const found = await stat(device).catch(() => undefined);
	const group = found && (await lineOf('group', found.gid));
	return {
		opened: open(device),
		user,
		isRoot: uid === 0,
		...(found && {
			group: group?.[0] ?? String(found.gid),
			isOpenToGroup: (found.mode & 0o060) === 0o060,
			isInGroup: (group?.[3] ?? '').split(',').includes(user),
		}),
	};
}

/** Opens the device. access(2) does not consider a container's device rules, or a module without a suitable processor. */
function open(device: string): string {
	try {
		fs.closeSync(fs.openSync(device, 'r+'));
		return 'ok';
	} catch (error) {
		const {code, errno} = error as NodeJS.ErrnoException;
		return code ?? getSystemErrorName(errno ?? 0);
	}
}

/** Returns the fields of a line of the group database; undefined if it cannot be read. */
async function lineOf(database: 'group', id: number): Promise<string[] | undefined> {
	const {stdout, failed} = await execa('getent', [database, String(id)], {reject: false});
	return failed ? undefined : String(stdout).split(':');
}
