/** Faults of a machine: its power, memory, disk, clock and modules. */
import {z} from 'zod';
import {nodeFault} from './node-fault.ts';
import {count, noOptions} from './options.ts';

export const systemFaults = {
	'power-off': nodeFault({
		about: 'The machine loses its power: nothing is written, no connection is closed. Undo boots it.',
		options: noOptions,
		what: () => 'its power is off',
		needs: () => 'power',
		power: 'off',
	}),
	reboot: nodeFault({
		about: 'The machine is reset, as by its button. Undo waits until its engine answers.',
		options: noOptions,
		what: () => 'it is reset',
		needs: () => 'power',
		power: 'reset',
	}),
	pause: nodeFault({
		about: 'The machine is held still. Undo lets it go on; its clock is behind by that time.',
		options: noOptions,
		what: () => 'it is held still',
		needs: () => 'power',
		power: 'pause',
	}),
	'fill-disk': nodeFault({
		about: 'A file takes the free room of a file system. Undo removes it.',
		options: z.strictObject({
			path: z.string().startsWith('/').default('/var/lib/docker').describe('a folder on the file system'),
			leaveMib: count.default(0).describe('MiB that stay free'),
		}),
		what: ({path, leaveMib}) => `the disk under ${path} has ${leaveMib} MiB left`,
		needs: () => 'machine',
		script: 'fill-disk',
	}),
	'fill-memory': nodeFault({
		about: 'A file in memory takes what is available. Undo removes it.',
		options: z.strictObject({leaveMib: count.default(32).describe('MiB that stay available')}),
		what: ({leaveMib}) => `${leaveMib} MiB of memory are available`,
		needs: () => 'machine',
		script: 'fill-memory',
	}),
	'step-clock': nodeFault({
		about: 'The clock is set ahead, or back. Undo sets it by as much the other way.',
		options: z.strictObject({
			seconds: z.coerce.number().min(-1e9).max(1e9).describe('seconds that it is ahead; behind, if negative'),
		}),
		what: ({seconds}) => `its clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`,
		needs: () => 'machine',
		script: 'step-clock',
	}),
	'withhold-module': nodeFault({
		about: 'A kernel module is unloaded with its users and cannot be loaded. Undo allows it and loads them again.',
		options: z.strictObject({
			module: z.string().regex(/^\w+$/).describe('its name, such as ip_vs'),
		}),
		what: ({module}) => `the kernel module ${module} is withheld`,
		needs: () => 'machine',
		script: 'withhold-module',
	}),
};
