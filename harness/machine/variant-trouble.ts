/** Why a node with a variant gave up, from what it said on its console. Pure. */
import {HarnessError, VariantRefused} from '../errors.ts';
import type {NodeSpec} from '../model/index.ts';
import {reasonOfExit, saidByEngine} from './engine-exit.ts';

/**
 * Returns VariantRefused if the kernel or the engine of the node refuses the variant, HarnessError if the variant itself is wrong;
 * undefined if the node has no variant, or gave up for another reason.
 */
export function variantTrouble(
	console: string,
	{name, variant, engine}: Pick<NodeSpec, 'name' | 'variant' | 'engine'>,
): VariantRefused | HarnessError | undefined {
	if (variant === undefined) {
		return undefined;
	}

	const about = `the variant ${variant.id}`;
	const [, what, why = ''] = /swarmlab: FATAL: variant (refused|failed): (.*)/.exec(console) ?? [];
	if (what === 'failed') {
		return new HarnessError(`${name}: ${about}: ${why}`, {
			remedy: `Correct ${about}: docs/variants.md. The console of ${name} has what it said.`,
		});
	}

	if (what === 'refused') {
		return new VariantRefused(`${name}: ${about}: ${why}`, variant.ifRefused);
	}

	const words = reasonOfExit(saidByEngine(console) ?? '');
	return words === undefined
		? undefined
		: new VariantRefused(`${name}: Docker ${engine.version} does not start with ${about}: ${words}`, variant.ifRefused);
}
