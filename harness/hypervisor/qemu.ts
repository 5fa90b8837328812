/** What all machines of QEMU have in common: the program, the arguments for the accelerator and for a disk. Pure. */

export const qemuBinary = 'qemu-system-x86_64';

export type Accelerator = 'kvm' | 'tcg';

/**
 * Returns the arguments for an accelerator and its CPU. Under emulation guests start faster with qemu64 and a few additions
 * than with `max`, whose features cost translation. `tb-size` limits the translation buffer, because with the default of
 * 1 GiB for each QEMU only few machines would fit on one host.
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

/** Doubles commas, as QEMU requires it in a value. */
export function escapeCommas(value: string): string {
	return value.replaceAll(',', ',,');
}
