/** The ssh key that lets this host (and nobody else) into its machines: made once per host and user. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import * as paths from '../paths.ts';
import {writeAtomically} from '../write-atomically.ts';

export interface HostKey {
	identityFile: string;
	/** Base64 part of the public key: what stands between `ssh-ed25519` and the comment. */
	publicKey: string;
}

/** Finds the key or makes it. Two runs that make it at once end up with the same one: the first link wins. */
export async function hostKey(): Promise<HostKey> {
	const identityFile = path.join(paths.state, 'ssh', 'id_ed25519');
	if (!fs.existsSync(identityFile) || !fs.existsSync(`${identityFile}.pub`)) {
		await makeKey(identityFile);
	}

	const publicKey = fs.readFileSync(`${identityFile}.pub`, 'utf8').split(' ')[1]!.trim();
	return {identityFile, publicKey};
}

/** A key of its own for the sshd of a machine; made here, as it takes a quarter of a second in an emulated one. */
export interface ServerKey {
	/** The private key's file, in hex. */
	privateFile: string;
	/** Base64 part of the public key. */
	publicKey: string;
}

/** @param folder where the key's files may lie for a moment */
export async function makeServerKey(folder: string, name: string): Promise<ServerKey> {
	const file = path.join(folder, `sshd-${name}`);
	try {
		await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
		return {
			privateFile: fs.readFileSync(file, 'hex'),
			publicKey: fs.readFileSync(`${file}.pub`, 'utf8').split(' ')[1]!.trim(),
		};
	} finally {
		fs.rmSync(file, {force: true});
		fs.rmSync(`${file}.pub`, {force: true});
	}
}

async function makeKey(identityFile: string): Promise<void> {
	fs.mkdirSync(path.dirname(identityFile), {recursive: true, mode: 0o700});
	const folder = fs.mkdtempSync(path.join(path.dirname(identityFile), 'new-'));
	try {
		const made = path.join(folder, 'key');
		await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'swarmlab', '-f', made]);
		// The private key is linked first and atomically; whoever comes second keeps the first one's pair.
		fs.linkSync(made, identityFile);
		fs.renameSync(`${made}.pub`, `${identityFile}.pub`);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw error;
		}

		// Another run won: its public half follows in no time, or is derived if it never came.
		const {stdout} = await execa('ssh-keygen', ['-y', '-f', identityFile]);
		writeAtomically(`${identityFile}.pub`, `${stdout} swarmlab\n`);
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
