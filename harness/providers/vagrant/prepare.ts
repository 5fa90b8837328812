/** Prepares once what several machines share: a box, and its image and the files of a kernel in libvirt's pool. */
import fs from 'node:fs';
import path from 'node:path';
import {hasBox, Vagrant} from '../../../vagrant/vagrant.ts';
import {HarnessError} from '../../errors.ts';
import * as paths from '../../paths.ts';
import {withLock} from '../../store/lock.ts';
import {type BringUp, bootFilesOf, type NodeArtifacts} from '../provider.ts';
import type {DirectBoot} from './vagrantfile-input.ts';
import {ensurePool, ensureVolume} from './virsh.ts';

export interface Prepared {
	/** Name of the box. */
	box: string;
	boot: DirectBoot;
}

/** Prepares box and kernel. A lock across all processes keeps two of them from uploading the same file at the same time. */
export async function prepare({places: {disks}, signal, log}: BringUp, artifacts: NodeArtifacts): Promise<Prepared> {
	const box = artifacts.engine.name;
	if (!box) {
		throw new TypeError('A machine of Vagrant is made from a box');
	}

	const waiting = (holder: string) => log.machine('vagrant', `waits for ${holder}, which prepares the box as well`);
	return withLock(path.join(paths.cache, 'locks', 'vagrant-libvirt'), waiting, async () => {
		await ensurePool();
		signal.throwIfAborted();
		if (!hasBox(box, 'libvirt')) {
			log.machine('vagrant', `adds the box ${box}`);
			await new Vagrant({folder: path.join(disks, 'box'), provider: 'libvirt', signal}).addBox(
				box,
				artifacts.engine.disk,
			);
		}

		const image = imageOf(box);
		// The volume needs the name that the plugin looks for: its name for a box without a version.
		const volume = `${box.replaceAll('/', '-VAGRANTSLASH-')}_vagrant_box_image_0_${Math.floor(fs.statSync(image).mtimeMs / 1000)}_box.img`;
		log.machine('vagrant', 'puts box and kernel into the pool');
		await ensureVolume(volume, image, 'qcow2');
		const {vmlinuz, initrd, modulesImage} = bootFilesOf(artifacts);
		const named = (file: string) => `swarmlab-${path.basename(path.dirname(file))}-${path.basename(file)}`;
		const boot = {
			kernel: await ensureVolume(named(vmlinuz), vmlinuz, 'raw'),
			initrd: await ensureVolume(named(initrd), initrd, 'raw'),
			modules: path.basename(await ensureVolume(named(modulesImage), modulesImage, 'raw')),
		};
		return {box, boot};
	});
}

/** Returns the path of the box's image as unpacked by Vagrant. Newer versions add a folder for the architecture. */
function imageOf(box: string): string {
	const folder = path.join(paths.vagrantHome, 'boxes', box.replaceAll('/', '-VAGRANTSLASH-'));
	const [image] = fs.globSync('0/{libvirt,*/libvirt,libvirt/*}/box.img', {cwd: folder});
	if (!image) {
		throw new HarnessError(`The box ${box} has no image under ${folder}`, {
			remedy: `vagrant box remove ${box}, and run again`,
		});
	}

	return path.join(folder, image);
}
