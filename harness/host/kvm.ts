/** What this host's /dev/kvm is, for this user: there, open to this user, and backed by a processor. */
import fs from 'node:fs';
import {stat} from 'node:fs/promises';
import os from 'node:os';
import {getSystemErrorName} from 'node:util';
import {execa} from 'execa';

export interface Kvm {
	/** How opening it for reading and writing ended: `ok`, or the error's code, `ENOENT`. */
	opened: string;
	/** Name of the user that asks. */
	user: string;
	isRoot: boolean;
	/** Group that the device belongs to; undefined where there is no device. */
	group?: string;
	/** Whether that group may read and write it. */
	isOpenToGroup?: boolean;
	/** Whether the user is in the group, by the files of this host: after `adduser` a session knows it only when it is new. */
	isInGroup?: boolean;
}

/** Opens the device as QEMU would, and looks at who may. */
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

/** access(2) says nothing of a container's device rules, nor of a module without a processor that can. */
function open(device: string): string {
	try {
		fs.closeSync(fs.openSync(device, 'r+'));
		return 'ok';
	} catch (error) {
		const {code, errno} = error as NodeJS.ErrnoException;
		return code ?? getSystemErrorName(errno ?? 0);
	}
}

/** Fields of a line of the group database; none where it cannot be asked. */
async function lineOf(database: 'group', id: number): Promise<string[] | undefined> {
	const {stdout, failed} = await execa('getent', [database, String(id)], {reject: false});
	return failed ? undefined : String(stdout).split(':');
}
