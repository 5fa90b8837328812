/**
 * Writer of cpio's `newc` format, which the kernel unpacks as its first root filesystem
 * (Documentation/driver-api/early-userspace/buffer-format.rst). We do not use cpio(1), because it cannot make device nodes
 * without root and it writes times. This writer returns the same bytes for the same content.
 */

export interface CpioEntry {
	/** Path without a leading slash. The entry of its parent must come first. */
	name: string;
	/** File type and permissions, as in stat(2): 0o100755. */
	mode: number;
	data?: Buffer;
	/** Numbers of a device node. */
	device?: {major: number; minor: number};
}

const types = {folder: 0o040000, file: 0o100000, link: 0o120000, character: 0o020000};

export const folder = (name: string): CpioEntry => ({name, mode: types.folder | 0o755});
export const file = (name: string, data: Buffer, permissions = 0o644): CpioEntry => ({
	name,
	mode: types.file | permissions,
	data,
});
export const link = (name: string, target: string): CpioEntry => ({
	name,
	mode: types.link | 0o777,
	data: Buffer.from(target),
});
export const characterDevice = (name: string, major: number, minor: number): CpioEntry => ({
	name,
	mode: types.character | 0o600,
	device: {major, minor},
});

/** Returns the archive. All entries belong to root, all times are 0. */
export function writeCpio(entries: CpioEntry[]): Buffer {
	return Buffer.concat([...entries, {name: 'TRAILER!!!', mode: 0}].flatMap(writeEntry));
}

function writeEntry(entry: CpioEntry, index: number): Buffer[] {
	const name = Buffer.from(`${entry.name}\0`);
	const data = entry.data ?? Buffer.alloc(0);
	const fields = [
		index + 1, // inode
		entry.mode,
		0, // uid
		0, // gid
		1, // links
		0, // time
		data.length,
		0, // device of the file
		0,
		entry.device?.major ?? 0,
		entry.device?.minor ?? 0,
		name.length,
		0, // checksum: none in this variant
	];
	const header = Buffer.from(`070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}`);
	return [pad(Buffer.concat([header, name])), pad(data)];
}

/** Pads to four bytes: header and data each start at a multiple of four. */
function pad(buffer: Buffer): Buffer {
	return Buffer.concat([buffer, Buffer.alloc((4 - (buffer.length % 4)) % 4)]);
}
