/** A static build of Docker: the only source of engines that no suite offers any more. */
import {chmod, copyFile, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, UsageError} from '../../errors.ts';
import type {EngineSource} from '../../model/index.ts';
import {sha256File} from '../../store/manifest.ts';
import {whatIsAt} from '../packages/file-kinds.ts';
import {isMissing, missingTool} from '../packages/host-tool.ts';
import {localFile} from '../packages/location.ts';
import type {Packages} from '../packages/packages.ts';

type TarballSource = Extract<EngineSource, {type: 'tarball'}>;

/**
 * Returns the target of each file of a tarball. Old builds (1.12) have `docker-containerd`, `docker-containerd-shim`,
 * `docker-containerd-ctr` and `docker-runc` beside `dockerd`, newer ones `containerd`, `containerd-shim-runc-v2`, `ctr`
 * and `runc`. Each daemon looks for its own names in PATH, so all files go into one folder and keep their names.
 * @param entries as `tar -t` lists them
 * @throws UsageError when a program is missing that the daemon needs
 */
export function layOut(entries: string[], tarball: string): {from: string; to: string}[] {
	const files = entries.filter(entry => entry !== '' && !entry.endsWith('/')).map(entry => entry.replace(/^\.\//, ''));
	const programs = files
		// Shell completions have the same names as the programs.
		.filter(from => !from.includes('/completion/'))
		.map(from => ({from, name: path.posix.basename(from)}));
	const has = (...names: string[]) => programs.some(({name}) => names.includes(name));
	const missing = [
		...(has('dockerd') ? [] : ['dockerd']),
		...(has('docker') ? [] : ['docker']),
		...(has('containerd', 'docker-containerd') ? [] : ['containerd']),
		...(has('runc', 'docker-runc') ? [] : ['runc']),
	];
	if (missing.length > 0) {
		throw new UsageError(
			`${tarball} is not a static build of Docker with swarm mode: it has no ${missing.join(', ')}.`,
			{
				remedy: 'Give docker-VERSION.tgz of 1.12 or later; the rootless extras are another file.',
			},
		);
	}

	return programs.map(({from, name}) => ({from, to: `usr/bin/${name}`}));
}

/**
 * Reads the whole file, in about a second, and checks that it is a static build of Docker.
 * @throws UsageError when it is not, or when the file is incomplete
 */
export async function requireStaticBuild(file: string): Promise<void> {
	layOut(await entriesOf(file), file);
}

async function entriesOf(file: string): Promise<string[]> {
	const {execa} = await import('execa');
	const {stdout} = await execa('tar', ['-t', '-f', file], {env: {LC_ALL: 'C'}}).catch(async error => {
		if (isMissing(error)) {
			throw missingTool('tar');
		}

		const said = String(error.stderr)
			.trim()
			.split('\n')
			.filter(line => !/exiting now|Child returned/.test(line))
			.join(' ');
		throw new UsageError(`${file} is not a tar archive, or not a whole one: it is ${await whatIsAt(file)}.`, {
			remedy: `Fetch it again. ${said}`,
		});
	});
	return stdout.split('\n');
}

/** Copies the programs of a tarball into `root`. Verifies the checksum first, also that of a file of this host. */
export async function installTarball(
	source: TarballSource,
	root: string,
	scratch: string,
	packages: Packages,
): Promise<void> {
	const file = localFile(source.location) ?? path.join(scratch, 'docker.tgz');
	if (!localFile(source.location)) {
		await packages.download({uri: source.location, sha256: source.sha256}, file);
	}

	const actual = await sha256File(file);
	if (actual !== source.sha256) {
		throw new ArtifactError(`${source.location} has the checksum ${actual}, not ${source.sha256}.`, {
			remedy: 'Fetch the file again, or correct the checksum.',
		});
	}

	const folder = path.join(scratch, 'tarball');
	await mkdir(folder, {recursive: true});
	const layout = layOut(await entriesOf(file), source.location);
	const {execa} = await import('execa');
	await execa('tar', ['-x', '-f', file, '-C', folder, '--no-same-owner']);
	await mkdir(path.join(root, 'usr/bin'), {recursive: true});
	for (const {from, to} of layout) {
		await copyFile(path.join(folder, from), path.join(root, to));
		await chmod(path.join(root, to), 0o755);
	}
}
