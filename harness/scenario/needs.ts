/** What a scenario needs of a cell, as data. */
import {isIssue, issueForms} from '../expect/issue.ts';
import {parseRange, problemOfDay} from '../expect/range.ts';
import {isStep} from '../expect/step.ts';
import type {Expected, FaultPlace, Isolation, Reproduction, SwarmOptions, Variant} from '../model/index.ts';
import type {oldNames} from '../old-names.ts';
import {type KernelFeature, kernelFeatures} from '../swarm/index.ts';
import {listOf, oneOf, type Rules, seconds, trueOrFalse, whole} from './announced.ts';

export interface Needs {
	/** Minimum number of managers; 1 by default. */
	managers?: number;
	/** Minimum number of workers; 0 by default. */
	workers?: number;
	/** Minimum number of machines that are in no swarm, `swarm.outsiders`; 0 by default. */
	outsiders?: number;
	/** First engine version that has the claimed feature, such as `18.06`; or a range of versions, such as `>=18.06 <24 || 25.0.3`. */
	engine?: string;
	/** Range of versions that the kernel of every machine must be in, such as `>=6.1`. */
	kernelVersion?: string;
	/** Words by which `--tag` and `--skip-tag` choose it, such as `smoke` or `slow`. */
	tags?: readonly string[];
	/** What the kernel of every machine must have: `ip_vs` for virtual addresses and the routing mesh. */
	kernel?: readonly KernelFeature[];
	/** True: the nodes are upgraded, so the cell must have engines to upgrade to: `--upgrade`. */
	upgrade?: boolean;
	/**
	 * Where its faults are put: `link` for those on links, `node` for those in nodes, `machine` for those of clock, disk, memory
	 * and modules, `power` for power-off, reboot and pause. It is skipped where the provider can have none.
	 */
	faults?: readonly FaultPlace[];
	/**
	 * True: it is also claimed that every node has what the managers report, while the scenario runs and at its end. Otherwise a
	 * difference at the end is shown, and the verdict stays.
	 */
	agrees?: boolean;
	/** Which cluster it is proven on; default: `shared`. A scenario that takes nodes out of the swarm needs `fresh`. */
	cluster?: Isolation | keyof typeof oldNames.clusters;
	/** It reproduces this public report: `moby/moby#40989`, `CVE-2023-28842`. */
	issue?: string;
	/** Where it is expected to fail; `unknown` by default. Elsewhere it is expected to pass. */
	expected?: Expected;
	/** From this day on (`2027-06-30`) a known failure is red again, so that it is looked at. */
	until?: string;
	/** Its nodes must have this variant. `swarmlab reproduce` and `up --like` bring them up so; elsewhere it is skipped. */
	variant?: Variant;
	/**
	 * What is done before the proof, in order: `m1: docker network create …`, `all: …`, `m1,w1: …`. See expect/step.ts.
	 * They are in the log of the result, and `swarmlab up --like` prints them. With steps its cluster is `fresh` by default.
	 */
	steps?: readonly string[];
	/**
	 * Options of `docker swarm init` and `join` for this scenario. Its swarm is formed for it, as with `cluster: 'new'`. They replace
	 * those of variants.
	 */
	init?: SwarmOptions;
	/** Seconds that the proof may take; `limits.scenario` by default. */
	limit?: number;
}

const optionKinds: Record<keyof SwarmOptions, 'string' | 'number' | 'boolean' | 'object'> = {
	advertiseAddr: 'string',
	listenAddr: 'string',
	dataPathAddr: 'string',
	dataPathPort: 'number',
	defaultAddrPool: 'object',
	subnetSize: 'number',
	certExpiryHours: 'number',
	autolock: 'boolean',
};

function isSwarmOptions(value: unknown): boolean {
	const kinds: Record<string, string> = optionKinds;
	return (
		typeof value === 'object' &&
		value !== null &&
		Object.keys(value).length > 0 &&
		Object.entries(value).every(([key, each]) => typeof each === kinds[key])
	);
}

function isRange(value: unknown): boolean {
	return typeof value === 'string' && 'range' in parseRange(value);
}

function isTag(value: unknown): boolean {
	return typeof value === 'string' && /^[a-z\d][a-z\d-]*$/.test(value);
}

/** The valid values of each need. A fixture is what `fixture()` returns. */
export const needsRules: Rules<Needs & {fixture: unknown; modifies?: boolean}> = {
	managers: whole(1, 7),
	workers: whole(0, 20),
	outsiders: whole(0, 5),
	engine: {
		valid: "a version, such as '18.06', or a range, such as '>=18.06 <24'",
		fits: isRange,
	},
	kernelVersion: {valid: "a range of versions, such as '>=6.1 <6.12'", fits: isRange},
	tags: {
		valid: `a list of words such as 'smoke': small letters, digits and '-'`,
		fits: value => Array.isArray(value) && value.every(isTag),
	},
	kernel: listOf(kernelFeatures),
	upgrade: trueOrFalse,
	agrees: trueOrFalse,
	faults: listOf(['link', 'node', 'machine', 'power'] satisfies FaultPlace[]),
	cluster: oneOf(['shared', 'fresh', 'new'] satisfies Isolation[]),
	init: {
		valid: `an object with some of ${Object.keys(optionKinds).join(', ')}`,
		fits: isSwarmOptions,
	},
	limit: seconds,
	issue: {valid: issueForms, fits: value => typeof value === 'string' && isIssue(value)},
	expected: {valid: "'unknown', or a list of {fails, because, kernel?, sometimes?}", fits: () => true},
	until: {
		valid: "a day, such as '2027-06-30'",
		fits: value => typeof value === 'string' && problemOfDay(value) === undefined,
	},
	variant: {
		valid: 'a variant of nodes, as in a config, with an id',
		fits: value => typeof value === 'object' && value !== null && typeof (value as Variant).id === 'string',
	},
	steps: {
		valid: "a list of texts such as 'm1: docker node ls' or 'all: ip route'",
		fits: value => Array.isArray(value) && value.every(each => typeof each === 'string' && isStep(each)),
	},
	fixture: {
		valid: 'what fixture(name, make) returns',
		fits: value => typeof value === 'object' && value !== null && 'make' in value,
	},
	modifies: trueOrFalse,
};

/** Returns what is wrong with the data of a reproduction beyond its single fields, one sentence each. */
export function problemsOfReproduction({issue, expected, until}: Needs): string[] {
	return [
		...(issue === undefined && (expected ?? until) !== undefined
			? [`it has ${expected === undefined ? 'until' : 'expected'}, and no issue: issue names the report that says so.`]
			: []),
		...problemsOfExpected(expected),
	];
}

function problemsOfExpected(expected: unknown): string[] {
	if (expected === undefined || expected === 'unknown') {
		return [];
	}

	if (!Array.isArray(expected)) {
		return ["expected is neither 'unknown' nor a list: [{fails: '<20.10.8', because: '…'}]."];
	}

	return expected.flatMap((each: unknown, index) => {
		const {fails, kernel, because, ...more} = (each ?? {}) as Record<string, unknown>;
		const place = `expected[${index}]`;
		const others = Object.keys(more).filter(name => name !== 'sometimes');
		return [
			...(typeof fails === 'string'
				? rangeProblem(`${place}.fails`, fails)
				: [`${place}.fails is missing: '<20.10.8'.`]),
			...(kernel === undefined ? [] : rangeProblem(`${place}.kernel`, String(kernel))),
			...(typeof because === 'string' && because.trim() !== ''
				? []
				: [`${place}.because is missing: why, with its source.`]),
			...others.map(name => `${place}: there is no '${name}'. Valid: fails, kernel, sometimes, because.`),
		];
	});
}

function rangeProblem(place: string, text: string): string[] {
	const parsed = parseRange(text);
	return 'problem' in parsed ? [`${place}: ${parsed.problem}`] : [];
}

/** Returns the data of a reproduction as it is announced; undefined if the scenario reproduces no report. */
export function reproductionOf({
	issue,
	expected = 'unknown',
	until,
	variant,
	steps,
	managers = 1,
	workers = 0,
	outsiders,
}: Needs): Reproduction | undefined {
	return issue === undefined
		? undefined
		: {
				...{issue, expected, managers, workers},
				...(until && {until}),
				...(variant && {variant}),
				...(steps && {steps}),
				...(outsiders && {outsiders}),
			};
}
