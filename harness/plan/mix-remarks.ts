/** Remarks on the mixes of a matrix, each named by the option or the field that it comes from. Pure. */
import type {Engine, Kernel, Topology, Variant} from '../model/index.ts';
import {type Choice, mixRemarks} from './mix.ts';

/**
 * Returns what `mixRemarks` says of kernels, engines and variants.
 * @param flags options that were given. @param config name of the config file
 * @throws UsageError if a mix names a node that no topology has
 */
export function remarksOnMixes(
	{
		kernels,
		engines,
		variants,
	}: {
		kernels: readonly Choice<Kernel>[];
		engines: readonly Choice<Engine>[];
		variants: readonly Choice<Variant>[];
	},
	topologies: readonly Topology[],
	{flags, config}: {flags: {kernel?: unknown; docker?: unknown}; config: string},
): string[] {
	return [
		...mixRemarks(kernels, topologies, {
			what: 'a kernel',
			where: flags.kernel ? '--kernel' : `'kernels' in ${config}`,
		}),
		...mixRemarks(engines, topologies, {
			what: 'an engine',
			where: flags.docker ? '--docker' : `'engines' in ${config}`,
		}),
		...mixRemarks(variants, topologies, {what: 'a variant', where: '--variant'}),
	];
}
