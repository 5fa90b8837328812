/** A box for Vagrant's libvirt provider, made from an engine. It boots by itself, and also with any kernel artifact. */
import {createHash} from 'node:crypto';
import {globSync, rmSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {type Builder, runBuilderVm} from '../../artifacts/engines/builder.ts';
import {buildServiceImages} from '../../artifacts/engines/service-images.ts';
import type {Packages} from '../../artifacts/packages/packages.ts';
import {guestFiles} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import {ensureArtifact} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import {boxFiles, boxPackages, boxScripts, buildBoxRootfs} from './box-rootfs.ts';

export interface BoxArtifact {
	key: string;
	/** Absolute; never write into it. */
	folder: string;
	/** File for `vagrant box add`. */
	file: string;
	/** Name in Vagrant. It contains part of the key, so that boxes with different content have different names. */
	name: string;
	/** The engine in it. */
	version: string;
}

/** Raise it when a change of the build makes older boxes useless. */
const format = 1;

/**
 * Returns the box of an engine from the cache, or builds it (about 4 minutes under emulation).
 * @param builder its kernel only serves to build the box, which has the kernel of its suite
 * @param publicKey line of authorized_keys by which Vagrant logs in
 * @throws ArtifactError
 */
export async function buildBox(
	engine: Engine,
	packages: Packages,
	builder: Builder,
	publicKey: string,
	report: Report,
): Promise<BoxArtifact> {
	const images = await buildServiceImages(packages, report);
	const names = await boxPackages(engine, packages);
	const {source} = engine;
	const artifact = await ensureArtifact(
		{
			kind: 'box',
			label: engine.label,
			recipe: {
				source: source.type === 'tarball' ? {sha256: source.sha256, suite: source.suite} : source,
				version: engine.version,
				packages: names,
				images: images.key,
				publicKey,
				format,
				files: await ownFiles(),
			},
			build: async (folder, onProgress) => {
				const scratch = path.join(folder, '.scratch');
				const disk = path.join(scratch, 'disk.raw');
				await buildBoxRootfs(engine, publicKey, disk, {packages, names, scratch, onProgress});
				onProgress('boots once to install the boot loader and to import the service images');
				await runBuilderVm(builder, {
					name: `builder of the box of Docker ${engine.label}`,
					disk,
					archive: images.archive,
					console: path.join(folder, 'make-console.log'),
					kernelArgs: 'swarmlab.root=/dev/vda1 swarmlab.task=make-box',
					successMarker: 'swarmlab: box made',
					failed: `The box of Docker ${engine.version} could not be made`,
				});
				onProgress('packs the box');
				await pack(disk, folder, scratch);
			},
		},
		report,
	);
	return {
		key: artifact.key,
		folder: artifact.folder,
		file: path.join(artifact.folder, 'swarmlab.box'),
		name: `swarmlab/docker-${engine.label.replaceAll(/[^\w.-]/g, '-')}-${artifact.key.slice(0, 8)}`,
		version: engine.version,
	};
}

/** Packs the box in the first format of boxes, which all plugins can read. Only newer plugins read newer formats. */
async function pack(disk: string, folder: string, scratch: string): Promise<void> {
	const image = path.join(scratch, 'box.img');
	await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', disk, image]);
	rmSync(disk);
	const {stdout} = await execa('qemu-img', ['info', '--output=json', image]);
	const bytes = (JSON.parse(stdout) as {'virtual-size': number})['virtual-size'];
	await writeFile(
		path.join(scratch, 'metadata.json'),
		JSON.stringify({provider: 'libvirt', format: 'qcow2', virtual_size: bytes / 2 ** 30}),
	);
	await writeFile(path.join(scratch, 'Vagrantfile'), vagrantfile);
	const names = ['metadata.json', 'Vagrantfile', 'box.img'];
	await execa('tar', ['-c', '--sparse', '-f', path.join(folder, 'swarmlab.box'), '-C', scratch, ...names]);
}

/** The Vagrantfile in the box: no folder of the host is shared with the machine. */
const vagrantfile = `Vagrant.configure('2') do |config|
  config.vm.synced_folder '.', '/vagrant', disabled: true
  config.vm.provider(:libvirt) { |libvirt| libvirt.disk_bus = 'virtio' }
end
`;

/** Returns a hash of all our files that go into the box. */
async function ownFiles(): Promise<string> {
	const files = [
		...guestFiles(),
		...globSync('**/*', {cwd: boxFiles, withFileTypes: true})
			.filter(each => each.isFile())
			.map(each => path.join(each.parentPath, each.name))
			.sort(),
		...boxScripts,
	];
	const sums = await Promise.all(files.map(sha256File));
	return createHash('sha256').update(sums.join()).digest('hex');
}
