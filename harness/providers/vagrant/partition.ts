/** A disk from which a machine can boot: a partition table, space for a boot loader, and one ext4 filesystem. */
import {open, truncate, writeFile} from 'node:fs/promises';
import {fillDisk} from '../../artifacts/packages/tree.ts';

const sectorBytes = 512;

/** MiB before the partition: the table, and the space for the boot loader after it. */
const partitionOffsetMib = 1;

/** Makes the disk with the content of `root`. Nothing is mounted. */
export async function makeBootDisk(
	root: string,
	image: string,
	{sizeMib, label}: {sizeMib: number; label: string},
): Promise<void> {
	await writeFile(image, '');
	await truncate(image, sizeMib * 2 ** 20);
	// Size in blocks of 4 KiB. Without it mke2fs would take the rest of the file, and a wrong boundary.
	const size = String((sizeMib - partitionOffsetMib) * 256);
	await fillDisk(root, image, {size, label, offset: partitionOffsetMib * 2 ** 20, blockSize: 4096});
	const file = await open(image, 'r+');
	try {
		await file.write(
			table((partitionOffsetMib * 2 ** 20) / sectorBytes, ((sizeMib - partitionOffsetMib) * 2 ** 20) / sectorBytes),
			0,
			sectorBytes,
			0,
		);
	} finally {
		await file.close();
	}
}

/** Returns a master boot record without code, with one active Linux partition. Heads and cylinders are not used today. */
function table(first: number, sectors: number): Buffer {
	const record = Buffer.alloc(sectorBytes);
	const beyond = [0xfe, 0xff, 0xff];
	record.set([0x80, ...beyond, 0x83, ...beyond], 446);
	record.writeUInt32LE(first, 454);
	record.writeUInt32LE(sectors, 458);
	record.set([0x55, 0xaa], 510);
	return record;
}
