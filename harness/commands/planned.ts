/** `--plan FILE --shard 2/5`: the cells and scenarios of a run come from a plan that another machine made. */
import path from 'node:path';
import type {Packages} from '../artifacts/packages/packages.ts';
import {UsageError} from '../errors.ts';
import type {Cell, KnownFailure, PlannedScenario, ShardOfPlan} from '../model/index.ts';
import {type PlanFile, readPlan, requireScenarios, requireSources} from '../plan/plan-file.ts';
import {parseShard, shardsOf} from '../plan/shards.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';
import {optionNames, type RunFlags} from './run-options.ts';

/** What a run takes from a plan. */
export interface PlannedPart {
	cells: Cell[];
	/** Absolute paths. */
	files: string[];
	scenarios: PlannedScenario[];
	isPart: boolean;
	knownFailures: KnownFailure[];
	manner: PlanFile['manner'];
	plan: ShardOfPlan;
	/** Throws HostError if the kernels and engines of the cells cannot be had here. */
	check(packages: Packages): Promise<void>;
}

/** Options that say how a machine works, and not what is proven: these may be given with a plan. */
const beside: readonly (keyof RunFlags)[] = [
	...([
		'plan',
		'shard',
		'config',
		'jobs',
		'cold',
		'reuseFixtures',
		'keep',
		'debug',
		'json',
		'install',
		'attribute',
	] as const),
	...(['evidence', 'output', 'reporter', 'mirror', 'securityMirror', 'suites', 'allowExpired'] as const),
];

/** Reads the part of the plan that the options name. Throws UsageError. */
export async function readPart(file: string, typed: readonly string[], flags: RunFlags): Promise<PlannedPart> {
	refuseOthers(typed, flags);
	const shard = parseShard(flags.shard ?? '1/1');
	const name = displayPath(process.cwd(), path.resolve(file));
	const plan = readPlan(file);
	const cells = shardsOf(plan.cells, plan.seconds, shard.of)[shard.number - 1]!;
	const files = [...new Set(plan.scenarios.map(each => path.resolve(workspace, each.file)))];
	const {planScenarios} = await import('../plan/scenarios.ts');
	const found = await planScenarios(files, {folder: workspace});
	requireScenarios(plan, found.scenarios, name);
	return {
		cells,
		files,
		scenarios: plan.scenarios,
		isPart: found.scenarios.length > plan.scenarios.length,
		knownFailures: plan.knownFailures,
		manner: mannerOf(plan),
		plan: {id: plan.id, shard: shard.number, of: shard.of, cells: plan.cells},
		check: async packages => requireSources(cells, packages),
	};
}

function refuseOthers(typed: readonly string[], flags: RunFlags): void {
	const others = (Object.keys(flags) as (keyof RunFlags)[]).filter(name => !beside.includes(name));
	if (typed.length + others.length > 0) {
		throw new UsageError(
			`With --plan nothing else is chosen: leave out ${[...typed, ...optionNames(others)].join(', ')}.`,
			{
				remedy: 'Give it to swarmlab plan, which makes the plan.',
			},
		);
	}
}

/** Jobs and what is kept are each machine's own. */
function mannerOf({manner: {repeat, seed, maxFailures, untilFailure}}: PlanFile): PlanFile['manner'] {
	return {
		repeat,
		...(seed !== undefined && {seed}),
		...(maxFailures !== undefined && {maxFailures}),
		...(untilFailure && {untilFailure}),
	};
}
