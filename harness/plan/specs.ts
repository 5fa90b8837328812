/** Specs of a config, converted to choices of kernels or engines. */
import type {MixConfig} from '../config/types.ts';
import {type HarnessError, listed, UsageError} from '../errors.ts';
import type {Choice} from './mix.ts';

/**
 * Expands the specs that mean several items (`6.*`), and completes the mixes. A node has one item, so a spec in a mix that
 * means several is an error. @param usual what nodes have for which a mix has no spec
 * @throws UsageError
 */
export function expandSpecs(
	specs: readonly (string | MixConfig)[],
	expand: (spec: string) => string[],
	usual: string,
): (string | MixConfig)[] {
	return specs.flatMap((spec): (string | MixConfig)[] => {
		if (typeof spec === 'string') {
			return expand(spec);
		}

		const single = Object.entries({others: usual, ...spec}).map(([name, each]): [string, string] => {
			const found = expand(each);
			if (found.length > 1) {
				throw new UsageError(`${name}=${each} means ${found.join(', ')}, and a node has one of them.`, {
					remedy: `Write one: ${name}=${found[0]}`,
				});
			}

			return [name, found[0]!];
		});
		return [Object.fromEntries(single)];
	});
}

/** Returns the item of a spec, or those of a mix. Throws an error that names every spec that failed. */
export async function resolveChoice<Item extends object>(
	specs: string | MixConfig,
	resolve: (spec: string) => Promise<Item>,
): Promise<Choice<Item>> {
	if (typeof specs === 'string') {
		return resolve(specs);
	}

	const {others: rest, ...named} = specs;
	const items = Object.entries(named).map(async ([name, spec]) => [name, await resolve(spec)] as const);
	const others = resolve(rest!);
	await throwAll([...items, others]);
	return {named: Object.fromEntries(await Promise.all(items)), others: await others};
}

/** Throws an error that names every spec that failed, not only the first. */
export async function throwAll(pending: readonly Promise<unknown>[]): Promise<void> {
	const settled = await Promise.allSettled(pending);
	const errors: unknown[] = settled.flatMap(each => (each.status === 'rejected' ? [each.reason] : []));
	if (errors.length > 1 && errors.every(error => error instanceof UsageError)) {
		const remedies = [...new Set(errors.flatMap(({remedy}: HarnessError) => remedy ?? []))];
		throw new UsageError(listed(errors.map(({message}) => message)), {remedy: remedies.join('\n    ')});
	}

	if (errors.length > 0) {
		throw errors[0];
	}
}
