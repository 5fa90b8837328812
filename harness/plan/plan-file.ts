/** A plan as a file: what one machine planned, exactly, for others to prove. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type {Packages} from '../artifacts/packages/packages.ts';
import {HostError, listed, UsageError} from '../errors.ts';
import {
	type Cell,
	type Engine,
	type Kernel,
	type KnownFailure,
	type PackageRef,
	type PlannedScenario,
	scenarioId,
} from '../model/index.ts';
import {packageVersion} from '../package.ts';

/** Increase it when an older swarmlab would read a plan wrongly. */
const schema = 1;

/** What the id of a plan is made of. */
export interface PlanContent {
	cells: Cell[];
	/** How long cells took on the machine that planned, by id; a cell that never ran there is not in it. */
	seconds: Record<string, number>;
	scenarios: PlannedScenario[];
	/** Files that do not load. Such a plan is only for reading. */
	problems: unknown[];
	/** The options that say how scenarios are proven. */
	manner: {repeat: number; seed?: number; maxFailures?: number; untilFailure?: boolean};
	knownFailures: KnownFailure[];
}

export interface PlanFile extends PlanContent {
	schema: number;
	/** The version that planned. */
	swarmlab: string;
	/** Of the content: two plans with the same id are the same. */
	id: string;
}

/** Returns the id of a content: formatting and the order of keys do not count. */
function idOf(content: object): string {
	const sorted = (_: string, value: unknown) =>
		value !== null && typeof value === 'object' && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
			: value;
	return createHash('sha256').update(JSON.stringify(content, sorted)).digest('hex').slice(0, 16);
}

/** Returns the plan with its id. */
export function planFileOf(content: PlanContent): PlanFile {
	const whole = {schema, swarmlab: packageVersion(), ...content};
	return {...whole, id: idOf(whole)};
}

/**
 * Reads a plan that `swarmlab plan --json` wrote.
 * @throws UsageError if it is none, was changed, has files that do not load, or is of another version
 */
export function readPlan(file: string): PlanFile {
	const plan = parsed(file);
	const again = {remedy: 'Plan again: swarmlab plan --json > plan.json'};
	if (plan?.schema === undefined || plan.id === undefined) {
		throw new UsageError(`${file} is no plan: swarmlab plan --json writes one.`, again);
	}

	if (plan.swarmlab !== packageVersion() || plan.schema !== schema) {
		throw new UsageError(
			`${file} was planned by swarmlab ${plan.swarmlab}, and this is ${packageVersion()}: they may understand it differently.`,
			{remedy: 'Use one version on all machines.'},
		);
	}

	const {id, ...content} = plan;
	if (idOf(content) !== id) {
		throw new UsageError(`${file} was changed after it was made: its id is of another content.`, again);
	}

	if (plan.problems.length > 0) {
		throw new UsageError(`${file} has scenario files that do not load.`, {
			remedy: 'Mend them, as swarmlab plan says, and plan again.',
		});
	}

	return plan;
}

function parsed(file: string): PlanFile | undefined {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')) as PlanFile | undefined;
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		throw new UsageError(
			code === 'ENOENT' ? `There is no plan ${file}.` : `${file} is no plan: it cannot be read: ${message}.`,
			{remedy: 'swarmlab plan --json > plan.json'},
		);
	}
}

/** Throws UsageError with the scenarios that the files do not claim any more. */
export function requireScenarios(plan: PlanFile, found: readonly PlannedScenario[], file: string): void {
	const ids = new Set(found.map(scenarioId));
	const gone = plan.scenarios.filter(each => !ids.has(scenarioId(each)));
	if (gone.length > 0) {
		throw new UsageError(listed(gone.map(each => `${file}: ${each.file} does not claim “${each.title}” any more.`)), {
			remedy: 'Use the files that were planned, or plan again.',
		});
	}
}

/**
 * Checks that the kernels and engines of these cells can be had here, exactly.
 * @throws HostError with each that cannot
 */
export async function requireSources(cells: readonly Cell[], packages: Pick<Packages, 'rows'>): Promise<void> {
	const nodes = cells.flatMap(({nodes, upgrade = []}) => [
		...nodes.flatMap(({kernel, engine}) => [kernel, engine]),
		...upgrade,
	]);
	const wanted = new Map(nodes.map(each => [JSON.stringify(each.source), each]));
	const refs = [...wanted.values()].flatMap(({source}) => (source.type === 'package' ? source.package : []));
	const rows = refs.length > 0 ? await packages.rows() : [];
	const offered = new Set(rows.map(refText));
	const missing = [...wanted.values()].flatMap(each => missingSource(each, offered) ?? []);
	if (missing.length > 0) {
		throw new HostError(listed(missing.map(each => `The plan wants ${each}.`)), {
			remedy:
				'Plan again on what is there (swarmlab plan --json > plan.json), or name a mirror that keeps it: --mirror',
		});
	}
}

const refText = ({name, version, suite}: PackageRef) => `${name} ${version} of ${suite}`;

/** Returns what cannot be had, in words; undefined if it can. A file behind a URL is only found out when it is fetched. */
function missingSource({source}: Kernel | Engine, offered: ReadonlySet<string>): string | undefined {
	switch (source.type) {
		case 'package':
			return offered.has(refText(source.package))
				? undefined
				: `${refText(source.package)}, which this host's mirror does not have (any more)`;
		case 'deb':
		case 'tarball':
			return path.isAbsolute(source.location) && !fs.existsSync(source.location)
				? `${source.location}, which is not on this host`
				: undefined;
		case 'directory':
			return fs.existsSync(source.path) ? undefined : `${source.path}, which is not on this host`;
		case 'host':
			return undefined;
	}
}
