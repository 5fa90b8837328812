/** The initial ramdisk of a kernel: busybox, and only the modules that are needed to find the disks. */
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {characterDevice, file, folder, link, writeCpio} from '../../guest/cpio.ts';
import {initScript} from '../../guest/guest-files.ts';
import {loadOrder, readModuleTree} from './modules.ts';

/** Drivers by which a machine reaches its disks. Drivers that are built in or missing are skipped. */
const drivers = ['virtio_pci', 'virtio_mmio', 'virtio_blk', 'crc32c_generic', 'crc32c', 'ext4'];

/** Commands of the init script. Each is a link to busybox, which runs the applet of the link's name. */
const applets = [
	'sh',
	'cat',
	'insmod',
	'ls',
	'mkdir',
	'mount',
	'poweroff',
	'sleep',
	'switch_root',
	'sync',
	'tr',
	'umount',
	'uname',
	'usleep',
];

/**
 * Writes the initrd to `target`. It is not compressed, because unpacking costs an emulated CPU more than reading two more
 * megabytes.
 * @param tree folder with the content of lib/modules/<release>, after depmod
 * @param busybox a statically linked busybox
 */
export async function writeInitrd(target: string, tree: string, busybox: string): Promise<void> {
	const modules = loadOrder(await readModuleTree(tree), drivers);
	// Base names are unique here. Kernels before 5.x have equal names in two folders only for modules out of tree.
	const names = modules.map(module => path.basename(module));
	const contents = await Promise.all(modules.map(module => readFile(path.join(tree, module))));
	const entries = [
		...['bin', 'dev', 'proc', 'sys', 'newroot', 'modules'].map(folder),
		// The kernel opens this device as the standard streams of the first process.
		characterDevice('dev/console', 5, 1),
		characterDevice('dev/null', 1, 3),
		file('bin/busybox', await readFile(busybox), 0o755),
		...applets.map(applet => link(`bin/${applet}`, 'busybox')),
		file('init', await readFile(initScript), 0o755),
		file('modules/order', Buffer.from(names.map(name => `${name}\n`).join(''))),
		...names.map((name, index) => file(`modules/${name}`, contents[index]!)),
	];
	await writeFile(target, writeCpio(entries));
}
