/** The accelerator that the environment variable SWARMLAB_ACCELERATOR requests. */
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import type {Accelerator} from './qemu.ts';

const valid = ['tcg'] as const satisfies Accelerator[];

/** Returns the requested accelerator; undefined for the best that works. Throws UsageError for an invalid value. */
export function acceleratorAsked(asked = variable('SWARMLAB_ACCELERATOR')): Accelerator | undefined {
	const found = valid.find(each => each === asked);
	if (asked && !found) {
		throw new UsageError(`SWARMLAB_ACCELERATOR: '${asked}' is not valid. Valid: ${valid.join(', ')}.`, {
			remedy: 'Leave it unset: then KVM is used where a boot proves that it works.',
		});
	}

	return found;
}
