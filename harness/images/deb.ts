/** Debian packages as files: what is in them, without installing. */
import {rm} from 'node:fs/promises';
import {execa} from 'execa';
import {ArtifactError} from '../errors.ts';
import {parseDeb822, type Stanza} from './deb822.ts';

/** Unpacks a .deb's files into `folder`; needs no root, as owners do not matter to us. The .deb is removed: disks are small. */
export async function unpackDeb(deb: string, folder: string, options: {keep?: boolean} = {}): Promise<void> {
	try {
		// dpkg-deb keeps owners only where it may.
		await execa('dpkg-deb', ['--extract', deb, folder]);
	} catch (cause) {
		throw new ArtifactError(`${deb} could not be unpacked.`, {cause});
	}

	if (!options.keep) {
		await rm(deb, {force: true});
	}
}

/** The control fields of a .deb (package, version, depends). */
export async function readDeb(deb: string): Promise<Stanza> {
	try {
		const {stdout} = await execa('dpkg-deb', ['--field', deb]);
		return parseDeb822(stdout)[0] ?? {};
	} catch (cause) {
		throw new ArtifactError(`${deb} is not a Debian package.`, {cause});
	}
}

/** Paths in a .deb, without the leading dot. */
export async function listDeb(deb: string): Promise<string[]> {
	const {stdout} = await execa('sh', ['-c', 'dpkg-deb --fsys-tarfile "$0" | tar -t', deb]);
	return stdout.split('\n').map(name => name.replace(/^\./, ''));
}
