/** The order in which scenarios run if it comes from a seed, and the starts of AVA that this order needs. Pure. */
import {createHash} from 'node:crypto';
import {type PlannedScenario, scenarioId, type Wanted} from '../../model/index.ts';
import {displayPath} from '../../shown.ts';

export interface OrderSeed {
	seed: number;
	/** Each repetition has an order of its own. */
	repetition: number;
}

/**
 * Returns the scenarios, shuffled across files and within them. The place of each comes from a checksum of the seed, the
 * repetition and its name. So two scenarios keep their order whichever others are run, on every cell, and with or without
 * saved fixtures. Exercises of one file stay together: one process runs all of them in the order of their tree.
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
	/** The claims of them that are run; undefined: those of the assignment. */
	only?: Wanted[];
}

export interface AvaStartsRequest {
	/** Absolute. */
	files: readonly string[];
	/** In the order in which each file registers them, which is the order in which AVA runs them. */
	announced: readonly PlannedScenario[];
	/** The same scenarios, in the order in which they are to run. */
	order: readonly PlannedScenario[];
	/** Run everything in the files, also what was not announced. */
	whole: boolean;
	/** The folder that the files of scenarios are relative to. */
	workspace: string;
}

/**
 * Returns as few starts of AVA as the order allows. A file is in one start at most once, with scenarios that it registers in
 * this order. Scenarios that a file did not announce run with its last one. A file that announced nothing comes last.
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
