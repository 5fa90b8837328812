/** Puts on a machine what stack.sh needs: the user, the tree, local.conf. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type Machine, quote} from '../machine/index.ts';
import type {Stack} from '../model/index.ts';
import {home, kinds, tree} from './kinds.ts';
import {findRevision} from './revisions.ts';

/**
 * Returns a shell command that runs as the user `stack`. It opens no session of its own, as su would, so it can be ended
 * together with the process that started it.
 */
export function asStackUser(command: string): string {
	const environment = `env -i HOME=${home} USER=stack LOGNAME=stack SHELL=/bin/bash TERM=dumb LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
	return `setpriv --reuid stack --regid stack --init-groups ${environment} bash -c ${quote(`cd ${tree} && ${command}`)}`;
}

/** Makes the user, with the rights that tools/create-stack-user.sh gives: it may become root without a password. */
const user = [
	'set -e',
	`id stack > /dev/null 2>&1 || useradd --shell /bin/bash --home-dir ${home} --create-home --user-group stack`,
	`mkdir -p ${home}/logs /etc/sudoers.d`,
	"echo 'stack ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/50_stack_sh",
	'chmod 0440 /etc/sudoers.d/50_stack_sh',
	`chown stack:stack ${home} ${home}/logs`,
].join('\n');

/**
 * Makes the user. If the kind has a tree on this host, copies it to the machine and replaces a tree that is there already.
 * Otherwise the machine's tree stays as it is.
 */
export async function placeTree(machine: Machine, {kind}: Stack): Promise<void> {
	await machine.run(user);
	const {tree: source} = kinds[kind];
	if (source) {
		await machine.run(`rm -rf ${tree}`);
		await machine.copyTo(source, tree);
		await machine.run(`chown -R stack:stack ${tree} && chmod +x ${tree}/*.sh`);
	}
}

/**
 * Returns the command that clones the tree, or undefined if the kind has a tree on this host. Its output is read like that of
 * stack.sh.
 */
export function cloneCommand({kind, revision, commit}: Stack, gitBase: string): string | undefined {
	if (kinds[kind].tree) {
		return undefined;
	}

	const {tag} = findRevision(revision);
	const repository = `${gitBase}/openstack/devstack.git`;
	const clone = commit
		? `git clone ${repository} ${tree} && git -C ${tree} checkout -q ${commit}`
		: `git clone --branch ${quote(tag)} ${repository} ${tree}`;
	return `[ -e ${tree}/stack.sh ] || ${clone} || { echo "[ERROR] swarmlab:1 git call failed: [git clone ${repository} ${tree}]"; exit 1; }`;
}

/** Writes local.conf with this text. Only `stack` can read it, because it holds passwords. */
export async function placeLocalConf(machine: Machine, text: string): Promise<void> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-conf-'));
	try {
		const file = path.join(folder, 'local.conf');
		fs.writeFileSync(file, text, {mode: 0o600});
		await machine.copyTo(file, `${tree}/local.conf`);
		await machine.run(`chown stack:stack ${tree}/local.conf && chmod 600 ${tree}/local.conf`);
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
