/**
 * The images that scenarios run: `swarmlab/web`, a real nginx that answers with its identity, and `swarmlab/toolbox`, a client.
 * They are built from packages of one suite and are the same for every engine, so that engines run equal services.
 */
import {createCipheriv, createHash} from 'node:crypto';
import {appendFile, copyFile, mkdir, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {ArtifactError} from '../../errors.ts';
import {guestFolder, prune} from '../../guest/guest-files.ts';
import {type Artifact, ensureArtifact} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {mergeUsr, packTree} from '../packages/tree.ts';

/**
 * Suites to build from, oldest first. glibc 2.34 and later starts threads with clone3. The seccomp profile of engines before
 * 20.10.10 answers clone3 with EPERM, so curl and dig of newer suites do not run there.
 */
const suites = ['bullseye', 'focal', 'jammy', 'bookworm', 'noble', 'trixie'];

const webFolder = path.join(guestFolder, 'web');

/** Files under `/bytes/` of swarmlab/web, by name. Their bytes look random and are always the same. */
export const bodies = {
	'1k': {bytes: 1024, sha256: '2990b14123348d32c26023200157608e39b6c1c0206a4ad6f7c77cfdfab45613'},
	'200k': {bytes: 204_800, sha256: '2c2b46822b72a593e88694e995bb9e16168bb9af1155307796d4a4a86aded682'},
	'10m': {bytes: 10_485_760, sha256: '2b5a7e4c40750075d5da4e2e3f76bad6d5935e0e346a0cfe335791f89e7062fc'},
} as const;

interface ServiceImage {
	name: string;
	packages: string[];
	/** Values of `docker import --change`. Old engines accept no STOPSIGNAL and no HEALTHCHECK there. */
	changes: string[];
	/** Adds our own files. `root` already has the packages. */
	furnish: (root: string) => Promise<void>;
}

const searchPath = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const images: ServiceImage[] = [
	{
		name: 'web',
		packages: ['nginx-light', 'busybox-static'],
		changes: [searchPath, 'EXPOSE 80', 'CMD ["/usr/lib/swarmlab/web"]'],
		furnish: furnishWeb,
	},
	{
		name: 'toolbox',
		packages: [
			...['bash', 'curl', 'bind9-dnsutils', 'iputils-ping', 'iproute2', 'busybox-static'],
			...['tcpdump', 'iperf3', 'socat', 'netcat-openbsd'],
		],
		// One process that sleeps until a signal ends it at once: it reads a pipe without a writer.
		changes: [searchPath, `CMD ["/bin/busybox","sh","-c","trap 'exit 0' TERM INT; read -r _ <> /run/forever"]`],
		furnish: furnishToolbox,
	},
];

/** Raise it when the build of the images changes. All engines are rebuilt then. */
const format = 2;

/**
 * Returns the images from the cache, or builds them (about 30 s). They are one tar, `images.tar`, with NAME/rootfs.tar and
 * NAME/changes of each image. A machine gets this tar as a disk.
 */
export async function buildServiceImages(packages: Packages, report: Report): Promise<Artifact & {archive: string}> {
	const suite = await pickSuite(packages);
	const artifact = await ensureArtifact(
		{
			kind: 'images',
			label: suite,
			recipe: {
				suite,
				images: images.map(({name, packages, changes}) => ({name, packages, changes})),
				format,
				files: await Promise.all(['start', 'web.conf'].map(name => sha256File(path.join(webFolder, name)))),
			},
			build: async (folder, onProgress) => {
				const scratch = path.join(folder, '.scratch');
				const disk = path.join(scratch, 'disk');
				for (const image of images) {
					onProgress(`swarmlab/${image.name}`);
					const root = path.join(scratch, image.name);
					await packages.install(root, scratch, {suite, packages: image.packages, variant: 'extract'});
					await strip(root);
					await image.furnish(root);
					await mkdir(path.join(disk, image.name), {recursive: true});
					await packTree(root, path.join(disk, image.name, 'rootfs.tar'));
					await writeFile(path.join(disk, image.name, 'changes'), `${image.changes.join('\n')}\n`);
				}

				await execa('tar', ['-c', '-f', path.join(folder, 'images.tar'), '-C', disk, ...images.map(({name}) => name)]);
			},
		},
		report,
	);
	return {...artifact, archive: path.join(artifact.folder, 'images.tar')};
}

/** Returns deterministic bytes: AES in counter mode over zeros. */
export function body(bytes: number): Buffer {
	return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

async function pickSuite(packages: Packages): Promise<string> {
	const fetched = await packages.fetchedSuites();
	const suite = suites.find(each => fetched.has(each));
	if (!suite) {
		throw new ArtifactError(
			`The service images are built from one of ${suites.join(', ')}; none of these is configured.`,
			{
				remedy: 'Add one of them to packages.suites.',
			},
		);
	}

	return suite;
}

/**
 * Removes what a container does not need, such as the package database. Adds what the packages' scripts would have made:
 * nothing is run in an extracted tree.
 */
async function strip(root: string): Promise<void> {
	await prune(root);
	await mergeUsr(root);
	const unneeded = [
		// Every system has perl, but nothing here runs it: 6 MB.
		...['usr/bin/perl', 'usr/lib/x86_64-linux-gnu/perl-base'],
		...(await readdir(path.join(root, 'usr/bin'))).filter(name => /^perl5\./.test(name)).map(name => `usr/bin/${name}`),
		'var/lib/dpkg',
		'var/lib/systemd',
		'lib/systemd',
		'usr/lib/systemd',
		'etc/dpkg',
		'usr/share/debconf',
	];
	await Promise.all(unneeded.map(name => rm(path.join(root, name), {recursive: true, force: true})));
	for (const name of ['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'root', 'bin']) {
		await mkdir(path.join(root, name), {recursive: true});
	}

	await writeFile(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
	await writeFile(path.join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
	await rm(path.join(root, 'bin/sh'), {force: true});
	await symlink('busybox', path.join(root, 'bin/sh'));
}

/** Provides the usual commands: the installed program where there is one, else the applet of busybox. */
async function furnishToolbox(root: string): Promise<void> {
	await execa('mkfifo', [path.join(root, 'run/forever')]);
	// The shell of busybox prefers its own `ip` and `ping` to the installed ones, and those have fewer features.
	await relink(root, 'bin/sh', 'bash');
	await relink(root, 'bin/nc', 'nc.openbsd');
	// tcpdump drops root and becomes the user `tcpdump`, which does not exist otherwise.
	await appendFile(path.join(root, 'etc/passwd'), 'tcpdump:x:65533:65533::/:/bin/false\n');
	const {stdout} = await execa(path.join(root, 'bin/busybox'), ['--list']);
	for (const applet of stdout.split('\n')) {
		// PATH ends with /bin, so programs in other folders win over these links. A program of that name in /bin stays.
		await symlink('busybox', path.join(root, 'bin', applet)).catch(ignoreExisting);
	}
}

async function relink(root: string, name: string, target: string): Promise<void> {
	await rm(path.join(root, name), {force: true});
	await symlink(target, path.join(root, name));
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EEXIST') {
		throw error;
	}
}

async function furnishWeb(root: string): Promise<void> {
	const folders = ['usr/lib/swarmlab', 'srv/bytes', 'var/log/nginx', 'var/lib/nginx', 'etc/nginx'];
	await Promise.all(folders.map(name => mkdir(path.join(root, name), {recursive: true})));
	await rm(path.join(root, 'usr/share/nginx/html'), {recursive: true, force: true});
	await mkdir(path.join(root, 'usr/share/nginx/html'), {recursive: true});
	await copyFile(path.join(webFolder, 'start'), path.join(root, 'usr/lib/swarmlab/web'));
	await copyFile(path.join(webFolder, 'web.conf'), path.join(root, 'etc/nginx/web.conf'));
	for (const [name, {bytes, sha256}] of Object.entries(bodies)) {
		const content = body(bytes);
		if (createHash('sha256').update(content).digest('hex') !== sha256) {
			throw new ArtifactError(`The body ${name} is not the one that scenarios expect.`);
		}

		await writeFile(path.join(root, 'srv/bytes', name), content);
	}
}
