/** Reads and unpacks Debian packages without installing them. */
import {rm} from 'node:fs/promises';
import {ArtifactError, UsageError} from '../../errors.ts';
import {parseDeb822, type Stanza} from './deb822.ts';
import {whatIsAt} from './file-kinds.ts';
import {isMissing, missingTool} from './host-tool.ts';

/**
 * Unpacks the files of a .deb into `folder`. This needs no root, because owners do not matter here. Removes the .deb to save
 * space, unless `keep` is set.
 */
export async function unpackDeb(deb: string, folder: string, options: {keep?: boolean} = {}): Promise<void> {
	const {execa} = await import('execa');
	try {
		// dpkg-deb sets owners only if it is allowed to.
		await execa('dpkg-deb', ['--extract', deb, folder]);
	} catch (cause) {
		throw new ArtifactError(`${deb} could not be unpacked.`, {cause});
	}

	if (!options.keep) {
		await rm(deb, {force: true});
	}
}

/** Reads the control fields of a .deb (package, version, depends). @throws UsageError for a file that is not a .deb */
export async function readDeb(deb: string): Promise<Stanza> {
	const {execa} = await import('execa');
	const {stdout} = await execa('dpkg-deb', ['--field', deb], {env: {LC_ALL: 'C'}}).catch(async error => {
		throw await notADeb(deb, error);
	});
	return parseDeb822(stdout)[0] ?? {};
}

/** Lists the paths in a .deb, without the leading dot. @throws UsageError for a file that is not a .deb or is incomplete */
export async function listDeb(deb: string): Promise<string[]> {
	const {execa} = await import('execa');
	const unpacked = execa('dpkg-deb', ['--fsys-tarfile', deb], {buffer: {stdout: false}, env: {LC_ALL: 'C'}});
	const {stdout} = await unpacked
		.pipe('tar', ['-t'], {env: {LC_ALL: 'C'}})
		// If dpkg-deb fails, tar fails as a result of that, so the error of dpkg-deb is the better one.
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
