/** The accelerator that the environment asks for. */
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import type {Accelerator} from './qemu.ts';

const valid = ['tcg'] as const satisfies Accelerator[];

/** Undefined: the best that works. Throws UsageError for a value of SWARMLAB_ACCELERATOR that means nothing. */
export function acceleratorAsked(asked = variable('SWARMLAB_ACCELERATOR')): Accelerator | undefined {
	const found = valid.find(each => each === asked);
	if (asked && !found) {
		throw new UsageError(`SWARMLAB_ACCELERATOR: '${asked}' is not valid. Valid: ${valid.join(', ')}.`, {
			remedy: 'Leave it unset: then KVM is used where a boot proves that it works.',
		});
	}

	return found;
}
