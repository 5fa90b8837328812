/** The ssh key with which only this host can log in to its machines. It is made once per host and user. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import * as paths from '../paths.ts';
import {writeAtomically} from '../write-atomically.ts';

export interface HostKey {
	identityFile: string;
	/** Base64 part of the public key, between `ssh-ed25519` and the comment. */
	publicKey: string;
}

/** Finds the key or makes it. If two runs make it at the same time, both use the same key: the first link wins. */
export async function hostKey(): Promise<HostKey> {
	const identityFile = path.join(paths.state, 'ssh', 'id_ed25519');
	if (!fs.existsSync(identityFile) || !fs.existsSync(`${identityFile}.pub`)) {
		await makeKey(identityFile);
	}

	const publicKey = fs.readFileSync(`${identityFile}.pub`, 'utf8').split(' ')[1]!.trim();
	return {identityFile, publicKey};
}

/** A key for the sshd of one machine. It is made on this host, because an emulated machine needs 0.25 s for it. */
export interface ServerKey {
	/** The private key's file, in hex. */
	privateFile: string;
	/** Base64 part of the public key. */
	publicKey: string;
}

/**
 * Makes a key for the sshd of a machine.
 * @param folder for the key's files, which are removed again
 */
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
		// The private key is linked first and atomically; a second run then fails here and keeps the pair of the first.
		fs.linkSync(made, identityFile);
		fs.renameSync(`${made}.pub`, `${identityFile}.pub`);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw error;
		}

		// Another run made the key first. Its public half may be missing yet, so it is derived from the private one.
		const {stdout} = await execa('ssh-keygen', ['-y', '-f', identityFile]);
		writeAtomically(`${identityFile}.pub`, `${stdout} swarmlab\n`);
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
