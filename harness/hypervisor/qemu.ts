/** What every machine that QEMU runs here has in common: the program, the accelerator, how a disk is attached. Pure. */

export const qemuBinary = 'qemu-system-x86_64';

export type Accelerator = 'kvm' | 'tcg';

/**
 * qemu64 with a few additions starts guests faster under emulation than `max`, whose features cost translation;
 * the translation buffer's default of 1 GiB for each QEMU would not fit many machines on one host.
 */
export function acceleration(accelerator: Accelerator): string[][] {
	return accelerator === 'kvm'
		? [
				['-accel', 'kvm'],
				['-cpu', 'host'],
			]
		: [
				['-accel', 'tcg,thread=multi,tb-size=512'],
				['-cpu', 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+rdrand'],
			];
}

export function disk(id: string, file: string, options: string): string[][] {
	return [
		['-drive', `id=${id},file=${escapeCommas(file)},if=none,${options}`],
		['-device', `virtio-blk-pci,drive=${id}`],
	];
}

/** As QEMU wants commas in a value. */
export function escapeCommas(value: string): string {
	return value.replaceAll(',', ',,');
}
