/** The matrix: every kernel with every engine on every topology, and with every stack on one machine. Pure. */
import {UsageError} from '../errors.ts';
import {
	type Cell,
	type Engine,
	type HelperSpec,
	type Kernel,
	type NodeSpec,
	nodesOf,
	type ProviderName,
	type Stack,
	type Topology,
	type Variant,
} from '../model/index.ts';
import {distinctEngines, distinctKernels} from './labels.ts';
import {matches, matchesAny} from './match.ts';
import {type Choice, fits, idPart, itemOf, membersOf, relabelled, uniqueChoices} from './mix.ts';
import {noVariants, variantField, variantPart} from './variants.ts';

export interface Matrix {
	/** Each is that of all nodes, or a mix. */
	kernels: readonly Choice<Kernel>[];
	/** Of providers whose machines have other kernels than these, by the provider's name. */
	kernelsOf?: Readonly<Record<string, readonly Choice<Kernel>[]>>;
	/** Each is that of all nodes, or a mix. */
	engines: readonly Choice<Engine>[];
	/** Each is that of all nodes, or a mix; default: nodes without a variant. */
	variants?: readonly Choice<Variant>[];
	/** Engines to which the nodes of each swarm may be upgraded, one after the other. */
	upgrade?: readonly Engine[];
	/** Helper containers of the run. */
	services?: readonly HelperSpec[];
	/** Empty: no swarm is tested. */
	topologies: readonly Topology[];
	/** Each with the memory and CPUs of its machine. */
	stacks?: readonly {stack: Stack; memory: number; cpus: number}[];
	providers: readonly ProviderName[];
	/** Machines lack what only makes them faster. */
	plain?: boolean;
	/** Only cells whose id matches one of these; empty: all. Each must match a cell. */
	filter?: readonly string[];
	/** No cells whose id matches one of these. */
	exclude?: readonly string[];
	/**
	 * Each pattern of `exclude` must match a cell, because it was typed for these cells. A pattern of a config may be for other
	 * cells.
	 */
	mustExclude?: boolean;
	/** Where `exclude` comes from, for errors: `--exclude`. */
	excludedBy?: string;
	/** The default size of machines, which ids leave out. */
	usual?: {memory: number; cpus: number};
}

const usualSize = {memory: 1024, cpus: 1};

/**
 * Returns the cells, ordered by kernel, engine, variant, topology and provider, each in the order asked for; then those of stacks.
 * @throws UsageError with the existing ids, when a pattern that was typed matches none of them or all are excluded.
 */
export function planCells(matrix: Matrix): Cell[] {
	const {services = []} = matrix;
	const {filter = [], exclude = [], mustExclude, excludedBy = "'exclude' in the config", usual = usualSize} = matrix;
	const kernels = uniqueChoices(relabelled(matrix.kernels, distinctKernels));
	const asEngines = [...matrix.engines, ...(matrix.upgrade ?? [])];
	const labelled = relabelled(asEngines, distinctEngines);
	const engines = uniqueChoices(labelled.slice(0, matrix.engines.length));
	const variants = uniqueChoices(matrix.variants ?? [noVariants]);
	const upgrade = labelled.slice(matrix.engines.length).flatMap(membersOf);
	const own = Object.fromEntries(
		Object.entries(matrix.kernelsOf ?? {}).map(([provider, those]) => [
			provider,
			uniqueChoices(relabelled(those, distinctKernels)),
		]),
	);
	const isFor = (provider: ProviderName, kernel: Choice<Kernel>) => (own[provider] ?? kernels).includes(kernel);
	const all = [...new Set([...kernels, ...Object.values(own).flat()])];
	const software = engines.flatMap(engine => variants.map(variant => ({engine, variant})));
	const swarms = all.flatMap(kernel =>
		software.flatMap(({engine, variant}) =>
			matrix.topologies
				.filter(topology => fits(kernel, topology) && fits(engine, topology) && fits(variant, topology))
				.flatMap(topology => {
					const nodes = nodesOf(topology, name => ({
						kernel: itemOf(kernel, name),
						engine: itemOf(engine, name),
						...variantField(itemOf(variant, name)),
					}));
					return matrix.providers
						.filter(provider => isFor(provider, kernel))
						.map(
							(provider): Cell => ({
								id: `${cellId(provider, nodes, topology, usual)}${upgradePart(upgrade)}`,
								provider,
								subject: 'swarm',
								nodes,
								...(upgrade.length > 0 && {upgrade}),
								...(services.length > 0 && {services: [...services]}),
							}),
						);
				}),
		),
	);
	const asked = [...swarms, ...stackCells(matrix, all, isFor, engines[0])].map(cell =>
		matrix.plain ? {...cell, id: `${cell.id}-plain`, plain: true as const} : cell,
	);
	const cells = [...new Map(asked.map(cell => [cell.id, cell])).values()];
	requireMatches('', filter, cells);
	if (mustExclude) {
		requireMatches(`${excludedBy}: `, exclude, cells);
	}

	const wanted = cells.filter(({id}) => filter.length === 0 || matchesAny(id, filter));
	const left = wanted.filter(({id}) => !matchesAny(id, exclude));
	if (left.length === 0) {
		throw nothingLeft(wanted, filter, exclude, excludedBy);
	}

	return left;
}

/**
 * `qemu-k6.1.180-rehearsal`. The engine is that of the disk, where one serves at all; it does not enter the id. The only
 * machine is m1.
 */
function stackCells(
	{stacks = [], providers}: Matrix,
	kernels: readonly Choice<Kernel>[],
	isFor: (provider: ProviderName, kernel: Choice<Kernel>) => boolean,
	engine: Choice<Engine> | undefined,
): Cell[] {
	return kernels.flatMap(choice =>
		stacks.flatMap(({stack, memory, cpus}) =>
			providers.flatMap(provider => {
				if (!engine || !isFor(provider, choice)) {
					return [];
				}

				const kernel = itemOf(choice, 'm1');
				const id = `${provider}-k${kernel.label}-${stack.label}`;
				const nodes = nodesOf({managers: 1, workers: 0, memory, cpus}, {kernel, engine: itemOf(engine, 'm1')});
				return [{id, provider, subject: {stack}, nodes}];
			}),
		),
	);
}

/**
 * `qemu-k6.1.180-d20.10.24-1m2w`; `d28.5.2-d20.10.24_m1` where a node has another engine; `-with-nft` before the numbers of
 * nodes where they have a variant; `-2048MiB` and `-2cpu` only where
 * the size is not the usual one.
 */
function cellId(
	provider: ProviderName,
	nodes: readonly NodeSpec[],
	{managers, workers, memory, cpus}: Topology,
	usual: {memory: number; cpus: number},
): string {
	const size = [memory === usual.memory ? '' : `-${memory}MiB`, cpus === usual.cpus ? '' : `-${cpus}cpu`].join('');
	const labelled = (label: (node: NodeSpec) => string) => nodes.map(node => ({name: node.name, label: label(node)}));
	const kernels = idPart(
		labelled(({kernel}) => kernel.label),
		'k',
	);
	const engines = idPart(
		labelled(({engine}) => engine.label),
		'd',
	);
	return `${provider}-${kernels}-${engines}${variantPart(nodes)}-${managers}m${workers}w${size}`;
}

/** `-to-26.1.5-28.5.2` */
function upgradePart(upgrade: readonly Engine[]): string {
	return upgrade.length > 0 ? `-to-${upgrade.map(({label}) => label).join('-')}` : '';
}

/** Throws UsageError if a typed pattern matches no cell, although other patterns match some. */
function requireMatches(option: string, patterns: readonly string[], cells: readonly Cell[]): void {
	const idle = patterns.filter(pattern => !cells.some(({id}) => matches(id, pattern)));
	if (idle.length > 0) {
		throw new UsageError(
			`${option}${option ? 'no' : 'No'} cell matches ${quoted(idle, ' or ')}. The cells there are:\n${idsOf(cells)}`,
			{
				remedy:
					"Give an id, whole components of one ('k6.1' is not 'k6.12'), or a glob such as '*-k6.*'; scenarios are chosen by --filter.",
			},
		);
	}
}

function nothingLeft(
	wanted: readonly Cell[],
	filter: readonly string[],
	exclude: readonly string[],
	excludedBy: string,
): UsageError {
	return new UsageError(
		`Every cell${filter.length > 0 ? ' that --cell chooses' : ''} is excluded by ${quoted(exclude, ', ')}:\n${idsOf(wanted)}`,
		{remedy: `Change ${excludedBy}${filter.length > 0 ? ' or --cell' : ''}.`},
	);
}

function quoted(patterns: readonly string[], between: string): string {
	return patterns.map(each => `'${each}'`).join(between);
}

function idsOf(cells: readonly Cell[]): string {
	return cells.map(({id}) => `  ${id}`).join('\n');
}
