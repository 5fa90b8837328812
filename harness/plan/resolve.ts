/** Converts config and command line to cells. */
import os from 'node:os';
import {applies} from '../applies.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import type {Flags} from '../config/flags.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {MixConfig, Settings} from '../config/types.ts';
import {UsageError} from '../errors.ts';
import {requirePlaces} from '../host/places.ts';
import {type Cell, type Engine, type Kernel, type PlannedScenario, type Stack, stackOf} from '../model/index.ts';
import {onHostKernel} from '../providers/names.ts';
import {displayPath} from '../shown.ts';
import {type Choice, mapChoice, membersOf} from './mix.ts';
import {remarksOnMixes} from './mix-remarks.ts';
import {expandSpecs, resolveChoice, throwAll} from './specs.ts';
import {chooseVariants, type VariantFlags} from './variants.ts';
import {type Print, Warnings} from './warnings.ts';

/** Options of the commands that take a matrix, as commander passes them. */
export interface MatrixFlags extends Flags, VariantFlags {
	config?: string;
	cell?: string[];
	localrc?: string[];
	retryWithRemedy?: boolean;
}

/** Loads the config; the options override it. Throws UsageError with every problem. */
export async function readConfig(flags: MatrixFlags): Promise<LoadedConfig> {
	const {loadConfig} = await import('../config/load.ts');
	return loadConfig(flags.config, flags);
}

/** Opens the sources of packages, on a host whose cache can be written. Throws HostError. */
export async function readPackages({settings}: LoadedConfig): Promise<Packages> {
	// The lists of packages are kept in the cache.
	requirePlaces(['cache']);
	const {openHostPackages} = await import('../artifacts/packages/packages.ts');
	return openHostPackages(settings.packages);
}

/** What the chosen scenarios are about. */
export interface ScenarioSubjects {
	swarms: boolean;
	stacks: boolean;
	/** True if a scenario is about an exercise of a stack. */
	exercises: boolean;
}

/** Returns what the scenarios are about. A file that failed to announce its scenarios counts as one about swarms. */
export function subjectsOf(scenarios: readonly PlannedScenario[]): ScenarioSubjects {
	const stacks = scenarios.some(({stack}) => stack);
	const exercises = scenarios.some(({stack}) => stack?.exercise !== undefined);
	return {stacks, exercises, swarms: !stacks || scenarios.some(({stack}) => !stack)};
}

/** Returns the scenarios that apply to at least one cell. Throws UsageError when there is none. */
export function applicableScenarios(scenarios: readonly PlannedScenario[], cells: readonly Cell[]): PlannedScenario[] {
	const found = scenarios.filter(scenario => cells.some(cell => applies(scenario, cell)));
	if (scenarios.length > 0 && found.length === 0) {
		const [stack] = cells.flatMap(cell => stackOf(cell) ?? []);
		throw new UsageError(`None of the cells has what is claimed: ${scenarios.map(({title}) => title).join(', ')}.`, {
			...(stack && {remedy: `The exercises of ${stack.label}: ${stack.exercises.join(', ')}.`}),
		});
	}

	return found;
}

/** Throws UsageError if stack.sh of a stack would refuse the system of its machine, or if its tree can come from nowhere. */
async function requireSources(stacks: readonly {stack: Stack}[], engines: readonly Engine[]): Promise<void> {
	if (stacks.length === 0) {
		return;
	}

	const {findRevision, kinds, requireGitBase, requireSystem} = await import('../devstack/index.ts');
	for (const {stack} of stacks.filter(each => kinds[each.stack.kind].keeps === undefined)) {
		requireSystem(findRevision(stack.revision), engines[0]!.source.suite);
		requireGitBase(stack);
	}
}

/** Returns the stacks, each with the memory (MiB) and CPUs of its machine. Throws UsageError. */
async function readStacks(
	{stacks, machine}: Settings,
	{stack: asked, localrc = [], retryWithRemedy = false}: MatrixFlags,
	{stacks: wanted, exercises}: ScenarioSubjects,
) {
	if (!wanted && (asked || localrc.length > 0 || retryWithRemedy)) {
		throw new UsageError(
			'None of these scenarios is about a stack, so --stack, --localrc and --retry-with-remedy mean nothing.',
			{
				remedy: 'swarmlab run scenarios/devstack',
			},
		);
	}

	if (!wanted) {
		return [];
	}

	const {kinds, parseLocalrc, resolveStack} = await import('../devstack/index.ts');
	const options = {localrc: parseLocalrc(localrc), retryWithRemedy, exercises};
	return stacks.map(spec => {
		const stack = resolveStack(spec, options);
		const {memory, cpus} = kinds[stack.kind];
		return {stack, memory: Math.max(memory, machine.memory), cpus: Math.max(cpus, machine.cpus)};
	});
}

/** Loads the files of which `readCells` is made, for a caller who waits for something else meanwhile. */
export async function loadForCells(): Promise<void> {
	await Promise.all([
		import('../artifacts/packages/packages.ts'),
		import('../artifacts/kernels/kernels.ts'),
		import('../artifacts/kernels/kernel-spec.ts'),
		import('../artifacts/engines/engines.ts'),
		import('../artifacts/engines/engine-spec.ts'),
		import('../host/facts.ts'),
		import('./cells.ts'),
		import('./default-spec.ts'),
		import('./remarks.ts'),
		import('./services.ts'),
	]);
}

/**
 * Returns the cells that config and command line ask for.
 * @throws UsageError with every kernel and engine that is not available, or when no cell is left.
 */
export async function readCells(
	loaded: LoadedConfig,
	packages: Packages,
	flags: MatrixFlags,
	about: ScenarioSubjects,
	print: Print,
): Promise<Cell[]> {
	const {planCells} = await import('./cells.ts');
	const {settings} = loaded;
	if (flags.cell?.some(text => text.trim() === '')) {
		throw new UsageError("--cell: '' chooses no cell.", {remedy: 'Leave --cell out, or give an id or a part of one.'});
	}

	const stacks = await readStacks(settings, flags, about);
	const {kernels, hostKernels, engines, upgrade} = await resolveAll(settings, packages, print);
	await requireSources(stacks, engines.flatMap(membersOf));
	const {machine, topologies, providers, exclude, plain} = settings;
	const services = about.swarms ? await (await import('./services.ts')).readServices(settings, packages) : [];
	const onHost = providers.filter(name => onHostKernel.includes(name));
	const swarms = about.swarms ? topologies.map(topology => ({...topology, ...machine})) : [];
	const variants = chooseVariants(settings.variants, flags);
	const remarks = remarksOnMixes({kernels, engines, variants}, swarms, {flags, config: configNamed(loaded)});
	const cells = planCells({
		kernels: onHost.length < providers.length ? kernels : [],
		kernelsOf: Object.fromEntries(onHost.map(name => [name, hostKernels])),
		engines,
		variants,
		upgrade,
		services,
		topologies: swarms,
		stacks,
		providers,
		plain,
		filter: flags.cell,
		exclude,
		mustExclude: flags.exclude !== undefined,
		excludedBy: flags.exclude ? '--exclude' : `'exclude' in ${configNamed(loaded)}`,
	});
	const {remarksOn} = await import('./remarks.ts');
	const host = {memory: Math.floor(os.totalmem() / 2 ** 20), cpus: os.availableParallelism()};
	for (const remark of [...remarks, ...remarksOn(cells, host)]) {
		print(`warning: ${remark}`);
	}

	return cells;
}

/** Returns the config file as it is shown to the user; without one, the usual name of a config. */
export function configNamed({file}: LoadedConfig): string {
	return file ? displayPath(process.cwd(), file) : 'swarmlab.config.ts';
}

/** The kernel of machines that have no own kernel. Only their host knows its version. */
const hostKernel: Kernel = {label: 'host', release: "the Docker host's", source: {type: 'host'}};

/** Only the engines. Throws UsageError. */
export async function readEngines({settings}: LoadedConfig, packages: Packages, print: Print): Promise<Engine[]> {
	return (await resolveAll({...settings, kernels: [], upgrade: []}, packages, print)).engines.flatMap(membersOf);
}

/** Resolves only the kernels. Throws UsageError. */
export async function readKernels({settings}: LoadedConfig, packages: Packages, print: Print): Promise<Kernel[]> {
	return (await resolveAll({...settings, engines: [], upgrade: []}, packages, print)).kernels.flatMap(membersOf);
}

type Specs = readonly (string | MixConfig)[];

interface Resolved {
	kernels: Choice<Kernel>[];
	/** The same kernels, for machines that have none of their own unless one is asked for. */
	hostKernels: Choice<Kernel>[];
	engines: Choice<Engine>[];
	upgrade: Engine[];
}

async function resolveAll(
	settings: {kernels: Specs; engines: Specs; upgrade: readonly string[]},
	packages: Packages,
	print: Print,
): Promise<Resolved> {
	const {listKernels} = await import('../artifacts/kernels/kernels.ts');
	const {expandKernel, resolveKernel} = await import('../artifacts/kernels/kernel-spec.ts');
	const {listEngines} = await import('../artifacts/engines/engines.ts');
	const {expandEngine, resolveEngine} = await import('../artifacts/engines/engine-spec.ts');
	const {defaultEngine, defaultKernel, defaultSpec} = await import('./default-spec.ts');
	const {osRelease} = await import('../host/facts.ts');
	// One after the other: the first call fetches the lists of packages, the second one finds them.
	const warnings = new Warnings(print);
	const allKernels = await listKernels(packages, warnings.report, {eachSuite: true});
	const allEngines = await listEngines(packages, warnings.report, {eachSuite: true});
	const {VERSION_CODENAME: release = ''} = await osRelease();
	const kernelSpecs = expandSpecs(settings.kernels, spec => expandKernel(spec, allKernels), defaultSpec);
	const kernelOf = async (spec: string) => {
		// A label that a listing shows is a valid spec, too.
		const kernel =
			spec === defaultSpec
				? defaultKernel(allKernels, release)
				: (allKernels.find(({label}) => label === spec) ?? (await resolveKernel(spec, allKernels)));
		return {kernel, onHost: spec === defaultSpec ? hostKernel : kernel};
	};
	const kernels = kernelSpecs.map(async specs => resolveChoice(specs, kernelOf));
	const engineSpecs = expandSpecs(settings.engines, spec => expandEngine(spec, allEngines), defaultSpec);
	const engineOf = async (spec: string) =>
		spec === defaultSpec ? defaultEngine(allEngines, release) : resolveEngine(spec, allEngines);
	const engines = engineSpecs.map(async specs => resolveChoice(specs, engineOf));
	const upgrade = settings.upgrade.map(engineOf);
	// A kernel or engine that was not found may be in a suite that could not be read.
	await warnings.during(async () => throwAll([...kernels, ...engines, ...upgrade]));
	const found = await Promise.all(kernels);
	const resolved = {
		kernels: found.map(choice => mapChoice(choice, ({kernel}) => kernel)),
		hostKernels: found.map(choice => mapChoice(choice, ({onHost}) => onHost)),
		engines: await Promise.all(engines),
		upgrade: await Promise.all(upgrade),
	};
	const {kernels: those, engines: these} = resolved;
	warnings.showForChoice([...those.flatMap(membersOf), ...these.flatMap(membersOf), ...resolved.upgrade]);
	return resolved;
}
