/**
 * The initrd of a machine with a variant: that of its kernel, and behind it a second archive with the files of the variant. The
 * kernel unpacks archives one after the other (Documentation/driver-api/early-userspace/buffer-format.rst), and the init script of
 * the second one replaces that of the first: it copies the files into the root filesystem. So kernels and engines are as they are
 * without variants.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type CpioEntry, file, folder, writeCpio} from '../../guest/cpio.ts';
import {initScript} from '../../guest/guest-files.ts';
import {type GuestFile, variantFiles, variantInittab} from '../../guest/variant.ts';
import type {Variant} from '../../model/index.ts';
import type {Station} from '../../network/lan.ts';

/** Writes it into the folder of sockets and returns its path. @param initrd that of the kernel */
export function writeVariantInitrd(
	initrd: string,
	variant: Variant,
	{station, runtime}: {station: Station; runtime: string},
): string {
	const target = path.join(runtime, `initrd-${station.name}`);
	fs.copyFileSync(initrd, target);
	fs.appendFileSync(target, overlay([...variantFiles(variant, station), variantInittab()]));
	return target;
}

/** Returns the second archive. */
export function overlay(files: readonly GuestFile[]): Buffer {
	const root = 'variant';
	const folders = new Set<string>([root]);
	for (const {path: name} of files) {
		const parts = name.split('/').slice(1, -1);
		for (const [index] of parts.entries()) {
			folders.add([root, ...parts.slice(0, index + 1)].join('/'));
		}
	}

	const entries: CpioEntry[] = [
		...[...folders].map(folder),
		...files.map(({path: name, content, mode}) => file(`${root}${name}`, Buffer.from(content), mode)),
		file('init', fs.readFileSync(initScript), 0o755),
	];
	return writeCpio(entries);
}
