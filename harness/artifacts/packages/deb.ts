/** Debian packages as files: what is in them, without installing. */
import {rm} from 'node:fs/promises';
import {execa} from 'execa';
import {ArtifactError, UsageError} from '../../errors.ts';
import {parseDeb822, type Stanza} from './deb822.ts';
import {whatIsAt} from './file-kinds.ts';
import {isMissing, missingTool} from './host-tool.ts';

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

/** The control fields of a .deb (package, version, depends). @throws UsageError for a file that is none */
export async function readDeb(deb: string): Promise<Stanza> {
	const {stdout} = await execa('dpkg-deb', ['--field', deb], {env: {LC_ALL: 'C'}}).catch(async error => {
		throw await notADeb(deb, error);
	});
	return parseDeb822(stdout)[0] ?? {};
}

/** Paths in a .deb, without the leading dot. @throws UsageError for a file that is none, or only the beginning of one */
export async function listDeb(deb: string): Promise<string[]> {
	const unpacked = execa('dpkg-deb', ['--fsys-tarfile', deb], {buffer: {stdout: false}, env: {LC_ALL: 'C'}});
	const {stdout} = await unpacked
		.pipe('tar', ['-t'], {env: {LC_ALL: 'C'}})
		// tar complains of what dpkg-deb did not send: the first of the two knows more.
		.catch(async error => {
			throw await notADeb(deb, await unpacked.catch(first => first).then(first => (first?.failed ? first : error)));
		});
	return stdout.split('\n').map(name => name.replace(/^\./, ''));
}

async function notADeb(deb: string, error: unknown): Promise<Error> {
	if (isMissing(error)) {
		return missingTool('dpkg-deb');
	}

	const said = String((error as {stderr?: unknown}).stderr ?? '').trim();
	return new UsageError(`${deb} is not a Debian package, or not a whole one: it is ${await whatIsAt(deb)}.`, {
		remedy: `Fetch it again. dpkg-deb said: ${said.replace(/^dpkg-deb: error: /, '').split('\n')[0]}`,
	});
}
