/** What several machines share: a box, and in libvirt's pool its image and the files of a kernel. Put there once. */
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
	/** Its name. */
	box: string;
	boot: DirectBoot;
}

/** Two who put the same thing there at once would each find the other's half: one after the other, whatever process. */
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
		// Under the very name that the plugin looks for, as it calls a box that has no version.
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

/** Where Vagrant has unpacked it; newer ones have a folder for the architecture as well. */
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
