/** The order in which scenarios are proven, where it comes from a seed, and what that takes. Pure. */
import {createHash} from 'node:crypto';
import {type PlannedScenario, scenarioId, type Wanted} from '../../model/index.ts';
import {displayPath} from '../../shown.ts';

export interface OrderSeed {
	seed: number;
	/** Each has an order of its own. */
	repetition: number;
}

/**
 * The scenarios, shuffled across files and within them. Each has its place by a number of its own, made of the seed and its
 * name: so two scenarios keep their order whichever others are run, on every cell, and with stages or without.
 * Exercises of one file stay together: one process runs all of them in their tree's order.
 */
export function inOrder(scenarios: readonly PlannedScenario[], {seed, repetition}: OrderSeed): PlannedScenario[] {
	const places = new Map(
		scenarios.map(each => {
			const name = each.stack?.exercise === undefined ? scenarioId(each) : each.file;
			return [each, createHash('sha256').update(`${seed}\n${repetition}\n${name}`).digest('hex')];
		}),
	);
	return scenarios.toSorted((a, b) => compare(places.get(a)!, places.get(b)!));
}

function compare(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}

/** Files that one start of AVA runs, one after the other. */
export interface AvaStart {
	/** Absolute. */
	files: string[];
	/** What is proven of them; undefined: what the cell's file says. */
	only?: Wanted[];
}

export interface AvaStartsRequest {
	/** Absolute. */
	files: readonly string[];
	/** As a file registers them, which is the order in which AVA proves them. */
	announced: readonly PlannedScenario[];
	/** The same, as they are to be proven. */
	order: readonly PlannedScenario[];
	/** Everything that the files hold is wanted, also what was not announced. */
	whole: boolean;
	/** What the files of scenarios are relative to. */
	workspace: string;
}

/**
 * As few starts of AVA as the order allows: a file is in one of them once, with scenarios that it registers in this order.
 * What a file did not announce is proven with the last of its scenarios; a file that announced nothing comes last.
 */
export function avaStartsOf({files, announced, order, whole, workspace}: AvaStartsRequest): AvaStart[] {
	const index = new Map(announced.map((each, at) => [scenarioId(each), at]));
	const absolute = new Map(files.map(file => [displayPath(workspace, file), file]));
	const claims = [...new Map(order.map(each => [scenarioId(each), each])).values()].filter(({file}) =>
		absolute.has(file),
	);
	const runs: PlannedScenario[][][] = [];
	for (const claim of claims) {
		const step = runs.at(-1);
		const last = step?.at(-1);
		const follows = last && last[0]!.file === claim.file && placeOf(last.at(-1)!) < placeOf(claim);
		if (follows) {
			last.push(claim);
		} else if (step && !step.some(([first]) => first!.file === claim.file)) {
			step.push([claim]);
		} else {
			runs.push([[claim]]);
		}
	}

	function placeOf(claim: PlannedScenario): number {
		return index.get(scenarioId(claim)) ?? Number.MAX_SAFE_INTEGER;
	}

	const steps = runs.map(
		(step): AvaStart => ({
			files: step.map(([first]) => absolute.get(first!.file)!),
			only: step.flatMap(run => {
				const {file} = run[0]!;
				const isLast = run.includes(claims.findLast(each => each.file === file)!);
				const before = claims.filter(each => each.file === file && !run.includes(each));
				return whole && isLast
					? [{file, but: before.map(({title}) => title)}]
					: run.map(({title}): Wanted => ({file, title}));
			}),
		}),
	);
	const silent = files.filter(file => !claims.some(each => absolute.get(each.file) === file));
	return silent.length > 0 ? [...steps, {files: silent}] : steps;
}
