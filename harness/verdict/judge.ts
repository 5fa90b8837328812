/** The verdict of a run against an earlier one: every result that changed, and what is under test that changed. Pure. */
import {changeNames} from '../expect/fail-on.ts';
import type {PastCell, PastResult, PastRun} from '../history/past-run.ts';
import type {Cell, Change, ChangedResult, NightlyVerdict, VersionChange} from '../model/index.ts';
import {type Compared, changeOf} from './change.ts';
import {pairCells, versionChanges} from './pair-cells.ts';
import {type Samples, slowerIn} from './slower.ts';

/** What earlier runs have of a claim on a cell. Without a history: nothing. */
export interface Past {
	/** Tries of runs up to the baseline on the cell `before`, and of runs after it on the cell `now`, oldest first. */
	samples(id: string, cells: {before: string; now: string}): Samples;
	/** Whether each earlier run on a cell of this id failed, oldest first. */
	verdicts(id: string, cell: string): boolean[];
}

export const noPast: Past = {samples: () => ({before: [], now: []}), verdicts: () => []};

export interface JudgeOptions {
	asked: string;
	failOn: Change[];
	past?: Past;
	notices?: readonly string[];
}

/** Returns the verdict. Without a baseline, every failure is new. */
export function judge(now: PastRun, before: PastRun | undefined, options: JudgeOptions): NightlyVerdict {
	const {asked, failOn, past = noPast, notices = []} = options;
	const pairs = pairsOf(now, before);
	const compared = pairs.flatMap(pair => comparedIn(pair, past));
	const changes = [
		...compared.flatMap(each => {
			const change = changeOf(each);
			return change ? [named(each, change)] : [];
		}),
		...slowerAmong(compared),
		...(before ? missing(pairs, before) : []),
	];
	return {
		...(before && {baseline: {run: before.run, startedAt: before.startedAt}}),
		...{asked, failOn},
		changes: changes.sort((a, b) => changeNames.indexOf(a.change) - changeNames.indexOf(b.change)),
		versions: before ? versionsOf(pairs, now, before) : [],
		notices: [
			...notices,
			...(before && before.state !== 'finished' ? [`The baseline ${before.run} did not come to its end.`] : []),
			...(before ? pairs : [])
				.filter(each => !each.before)
				.map(({now: {cell}}) => `The baseline has no cell that ${cell.id} could be compared with.`),
		],
	};
}

interface Pair {
	now: PastCell;
	before?: PastCell | undefined;
}

interface ComparedHere extends Compared {
	cell: string;
	samples: Samples;
}

function pairsOf(now: PastRun, before: PastRun | undefined): Pair[] {
	const cells = (run: PastRun): Cell[] => run.cells.map(({cell}) => cell);
	const pairs = before ? pairCells(cells(now), cells(before)) : new Map<string, Cell>();
	return now.cells.map(each => ({
		now: each,
		before: before?.cells.find(({cell}) => cell === pairs.get(each.cell.id)),
	}));
}

function comparedIn({now, before}: Pair, past: Past): ComparedHere[] {
	const those = new Map(before?.results.map(each => [each.id, each]));
	return now.results.map(result => {
		const cell = now.cell.id;
		const other = those.get(result.id);
		const more = before && past.samples(result.id, {before: before.cell.id, now: cell});
		const samples = {
			before: [...(more?.before ?? []), ...(other?.tries ?? [])],
			now: [...(more?.now ?? []), ...result.tries],
		};
		return {cell, now: result, before: other, earlier: past.verdicts(result.id, cell), samples};
	});
}

function named<Change>({cell, now: {file, title}}: ComparedHere, change: Change) {
	return {...change, cell, file, title};
}

function slowerAmong(compared: readonly ComparedHere[]): ChangedResult[] {
	const those = compared.filter(({now, before}) => now.verdict === 'passed' && before);
	return slowerIn(those.map(({samples}) => samples)).map(({index, metric, before, now, counts, probability}) => {
		const what = metric === '' ? '' : `${metric}: `;
		const chance = probability < 0.0001 ? 'p < 0.0001' : `p = ${probability.toFixed(4)}`;
		const says = `${what}median ${now.toFixed(2)} s over ${counts[1]} tries, before ${before.toFixed(2)} s over ${counts[0]} (${chance})`;
		return named(those[index]!, {change: 'slower' as const, says});
	});
}

/** A cell that is gone is one line; of a cell that is there, each claim that is gone. */
function missing(pairs: readonly Pair[], before: PastRun): ChangedResult[] {
	const change = 'newly missing' as const;
	return before.cells.flatMap(cell => {
		const pair = pairs.find(each => each.before === cell);
		if (!pair) {
			const says = `this run has no cell to compare with it, so of its ${cell.results.length} results nothing is known`;
			return [{change, cell: cell.cell.id, file: '', title: 'the whole cell', says}];
		}

		const there = new Set(pair.now.results.map(({id}) => id));
		return cell.results
			.filter(({id, verdict}) => !there.has(id) && verdict !== 'skipped')
			.map(({file, title, verdict}: PastResult) => {
				return {change, cell: pair.now.cell.id, file, title, says: `in the baseline it was ${verdict}`};
			});
	});
}

function versionsOf(pairs: readonly Pair[], now: PastRun, before: PastRun): VersionChange[] {
	const ofRun: [axis: VersionChange['axis'], was: string | undefined, is: string | undefined][] = [
		['swarmlab', before.host?.swarmlab, now.host?.swarmlab],
		['host', hostText(before), hostText(now)],
	];
	return [
		...pairs.flatMap(pair => (pair.before ? versionChanges(pair.now.cell, pair.before.cell) : [])),
		...ofRun.flatMap(([axis, was, is]) =>
			was === is || was === undefined || is === undefined ? [] : [{cell: '', axis, before: was, now: is}],
		),
	];
}

function hostText({host}: PastRun): string | undefined {
	return host && `${host.hostname}, ${host.os}, ${host.kernel}, ${host.cpus} CPUs`;
}
