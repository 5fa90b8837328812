/** A Docker Engine as an artifact: the disk of a machine, with the service images in it, that any kernel can boot. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {ArtifactError} from '../errors.ts';
import type {Engine} from '../model.ts';
import {ensureArtifact} from './cache.ts';
import {emulated, lean} from './command-line.ts';
import {guestFiles} from './guest-files.ts';
import type {KernelArtifact} from './kernel-artifact.ts';
import {sha256File} from './manifest.ts';
import type {Report} from './report.ts';
import {buildRootfs, rootfsPackages} from './rootfs.ts';
import {buildServiceImages} from './service-images.ts';
import type {PackageSettings} from './settings.ts';

export interface EngineArtifact {
	key: string;
	/** Absolute; never write into it. */
	folder: string;
	/** Raw ext4 image: machines start from copy-on-write overlays on it. */
	disk: string;
	/** What `docker version` must print for the server. */
	version: string;
}

/** Runs a machine until it powers itself off: what providers offer for building, without images knowing a provider. */
export type BootOnce = (task: {
	name: string;
	kernel: string;
	initrd: string;
	append: string;
	/** In the order of /dev/vda, /dev/vdb …; raw. */
	disks: {file: string; readonly?: boolean}[];
	/** MiB. */
	memory: number;
	cpus: number;
	console: string;
	/** Seconds. */
	timeout: number;
}) => Promise<void>;

/** Seconds. Importing the images takes a minute under emulation on an idle host of two cores, five on a busy one. */
export const importLimit = 900;

/** Of a machine that only works on a disk, with any accelerator (with KVM not run here). */
export const commandLine = ['console=ttyS0', 'quiet', ...lean, ...emulated].join(' ');

/** Raised when the way it is made changes so that older artifacts are of no use. Building takes minutes: not for less. */
const format = 1;

/**
 * The artifact of an engine, from the cache or built (about 2 minutes under emulation).
 * @param machine the kernel only serves to import the images: it does not enter the key, as N kernels and M engines
 * need N + M artifacts
 * @throws ArtifactError what could not be installed, or what the engine said when it did not take the images
 */
export async function buildEngine(
	engine: Engine,
	settings: PackageSettings,
	machine: {bootOnce: BootOnce; kernel: KernelArtifact},
	report: Report,
): Promise<EngineArtifact> {
	const images = await buildServiceImages(settings, report);
	const packages = await rootfsPackages(engine, settings);
	const {source} = engine;
	const artifact = await ensureArtifact(
		{
			kind: 'engine',
			label: engine.label,
			recipe: {
				source: source.type === 'tarball' ? {sha256: source.sha256, suite: source.suite} : source,
				version: engine.version,
				packages,
				images: images.key,
				format,
				guest: await Promise.all(guestFiles().map(sha256File)),
			},
			build: async (folder, say) => {
				const disk = path.join(folder, 'disk.raw');
				await buildRootfs(engine, packages, disk, path.join(folder, '.scratch'), settings, say);
				say('boots once to import the service images');
				const console = path.join(folder, 'import-console.log');
				await importImages(engine, disk, images.archive, console, machine);
			},
		},
		report,
	);
	return {
		key: artifact.key,
		folder: artifact.folder,
		disk: path.join(artifact.folder, 'disk.raw'),
		version: engine.version,
	};
}

async function importImages(
	engine: Engine,
	disk: string,
	archive: string,
	console: string,
	{bootOnce, kernel}: {bootOnce: BootOnce; kernel: KernelArtifact},
): Promise<void> {
	const failure = (cause?: unknown) =>
		new ArtifactError(
			`Docker ${engine.version} did not take the service images on kernel ${kernel.release}. Its console said:\n${lastLines(console)}`,
			{cause, remedy: 'If the engine is too old for this kernel, build it with another one: --kernel.'},
		);
	try {
		await bootOnce({
			name: `builder of Docker ${engine.label}`,
			kernel: kernel.vmlinuz,
			initrd: kernel.initrd,
			append: `${commandLine} swarmlab.task=import-images`,
			disks: [{file: disk}, {file: kernel.modulesImage, readonly: true}, {file: archive, readonly: true}],
			memory: 1024,
			cpus: 2,
			console,
			timeout: importLimit,
		});
	} catch (error) {
		throw failure(error);
	}

	if (!readFileSync(console, 'utf8').includes('swarmlab: images imported')) {
		throw failure();
	}
}

/** The end of a builder's console. */
export function lastLines(console: string): string {
	try {
		return readFileSync(console, 'utf8').replaceAll('\r', '').trim().split('\n').slice(-30).join('\n');
	} catch {
		return '(nothing)';
	}
}
