/**
 * Folders full of installed packages, with and without root.
 *
 * As root, owners are kept. An ordinary user owns all files that he unpacks. He packs them again in a user namespace in which
 * he is root, so all files belong to root in the result. Nothing in our machines needs another owner.
 */
import {existsSync} from 'node:fs';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {withSbin} from '../../environment.ts';
import {ArtifactError} from '../../errors.ts';
import {type AptRoot, sourcesText} from './apt.ts';
import type {PackageSettings} from './settings.ts';
import {releaseOf} from './suites.ts';

export interface TreeRequest {
	/** Base release. Its security and update suites are used too, if they are configured. */
	suite: string;
	/** Package names as apt takes them: `docker.io=20.10.24+dfsg1-1`. */
	packages: string[];
	/** `essential`: an installed system. `extract`: only the files of the packages and their dependencies; no script is run. */
	variant: 'essential' | 'extract';
	/** Name of the extra repository to take packages from. */
	repository?: string;
}

/** Fills `root` with packages, and creates it if it is missing. `scratch` is for temporary files. Throws ArtifactError. */
export async function installTree(apt: AptRoot, root: string, scratch: string, request: TreeRequest): Promise<void> {
	const {suite} = request;
	await mkdir(root, {recursive: true});
	const sources = path.join(scratch, 'root.sources');
	await writeFile(sources, `${sourcesOf(apt.settings, request)}\n`);
	// mmdebstrap makes its tree in TMPDIR before it packs it. `scratch` has room for that, /tmp perhaps not.
	const bootstrap = execa(
		'mmdebstrap',
		[
			`--variant=${request.variant}`,
			'--format=tar',
			'--quiet',
			'--skip=output/dev',
			...(await aptOptions(apt)).map(option => `--aptopt=${option}`),
			`--include=${request.packages.join(',')}`,
			suite,
			'-',
			sources,
		],
		{env: {PATH: withSbin(), TMPDIR: scratch, LC_ALL: 'C'}, stdin: 'ignore', buffer: {stdout: false}},
	);
	const unpack = execa('tar', ['-x', '-C', root, '--exclude=./dev/*', ...ownerOptions()], {
		stdin: 'pipe',
		buffer: {stdout: false},
	});
	try {
		await bootstrap.pipe(unpack);
	} catch (cause) {
		const {stderr} = cause as {stderr?: string};
		throw new ArtifactError(
			`${request.packages.join(' ')} of ${suite} could not be installed: ${ending(stderr) || (cause as Error).message}`,
			{cause, remedy: 'Look whether the suite still has these versions: swarmlab engines'},
		);
	}
}

/**
 * Adds the links from /bin, /sbin and /lib into /usr to an extracted tree whose suite has all programs in /usr. In an
 * installed system the script of a package makes these links.
 */
export async function mergeUsr(root: string): Promise<void> {
	for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
		if (existsSync(path.join(root, 'usr', name)) && !existsSync(path.join(root, name))) {
			await symlink(path.join('usr', name), path.join(root, name));
		}
	}
}

/** Packs a folder as an uncompressed tar. All files in it belong to root. */
export async function packTree(root: string, tar: string): Promise<void> {
	await execa('tar', ['-c', '-f', tar, '-C', root, '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '.']);
}

/**
 * Features of the filesystem, by name. Defaults differ between versions of mke2fs, and older kernels refuse an image with
 * newer features (orphan_file, metadata_csum_seed). None of these is newer than Linux 2.6.28.
 */
const features =
	'none,has_journal,ext_attr,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize';

/** Makes a writable ext4 disk of `size` (as mke2fs takes it: `2G`) with the content of `root`. Nothing is mounted. */
export async function makeDisk(root: string, image: string, options: {size: string; label: string}): Promise<void> {
	await fillDisk(root, image, options);
}

interface DiskOptions {
	/** Size as mke2fs takes it; in blocks, if `blockSize` is given. */
	size: string;
	label: string;
	/** Bytes before the filesystem. With it the image must exist, with room for both. */
	offset?: number;
	blockSize?: number;
}

/** Makes the filesystem of `makeDisk`, also at an offset in an image. */
export async function fillDisk(root: string, image: string, options: DiskOptions): Promise<void> {
	const {size, label, offset, blockSize} = options;
	const extended = [
		'lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0',
		...(offset === undefined ? [] : [`offset=${offset}`]),
	];
	const command = [
		...(isRoot() ? [] : ['unshare', '--map-root-user']),
		...['mke2fs', '-q', '-F', '-t', 'ext4', '-O', features, '-L', label, '-m', '0'],
		...(blockSize ? ['-b', String(blockSize)] : []),
		...['-E', extended.join(','), '-J', 'size=32', '-d', root, image, size],
	];
	await execa(command[0]!, command.slice(1), {env: {PATH: withSbin()}});
}

function sourcesOf(settings: PackageSettings, {suite, repository}: TreeRequest): string {
	const suites = settings.suites.filter(each => releaseOf(each) === suite && !/-(backports|proposed)/.test(each));
	return sourcesText(
		{...settings, repositories: settings.repositories.filter(each => each.name === repository)},
		suites.length > 0 ? suites : [suite],
	);
}

/** Returns apt's options for mmdebstrap: proxies, retries and tolerances of the private apt root. */
async function aptOptions({config}: AptRoot): Promise<string[]> {
	const {stdout} = await execa('apt-config', ['dump'], {env: {APT_CONFIG: config}});
	return [
		'APT::Install-Recommends "false"',
		...stdout
			.split('\n')
			.filter(line => /^Acquire::(https?|ftp|Retries|Languages|Check-Valid-Until).* ".+";$/i.test(line))
			.map(line => line.replace(/;$/, '')),
	];
}

function isRoot(): boolean {
	return process.getuid?.() === 0;
}

function ownerOptions(): string[] {
	return isRoot() ? ['--numeric-owner', '--same-owner', '-p'] : ['--no-same-owner', '-p'];
}

function ending(text: string | undefined): string {
	return (text ?? '').trim().split('\n').slice(-6).join('\n');
}
