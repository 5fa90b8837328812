/** What is compared: cells of runs that were read, and which of them stand against each other. Pure. */
import {UsageError} from '../errors.ts';
import {matches} from '../match.ts';
import type {CellSummary, RunSummary} from '../record/summary/summary.ts';

/** A run that was read. */
export interface RunRead {
	/** Absolute. */
	folder: string;
	summary: RunSummary;
	/** Values of each metric of the tries that passed, `seconds` among them, by `valuesKey`. Empty for a run without repetitions. */
	values: ReadonlyMap<string, Readonly<Record<string, readonly number[]>>>;
}

export interface Member {
	run: RunRead;
	cell: CellSummary;
}

/** Two cells, or all cells of one run, of which each claim makes two sides. */
export type Matchup = {a: Member; b: Member} | {all: Member[]};

/** Returns the key of `RunRead.values`. */
export function valuesKey(cell: string, scenario: string): string {
	return `${cell}\n${scenario}`;
}

/**
 * Returns what is compared.
 * @param chosen texts that choose cells: none, one for both runs, or one for each side
 * @throws UsageError if the runs have nothing in common, or if a text does not choose one cell
 */
export function matchUp(runs: readonly RunRead[], chosen: readonly string[] = []): Matchup[] {
	const [first, second] = runs;
	if (!first || runs.length > 2) {
		throw new UsageError(`${runs.length} runs are named; two are compared, or the cells of one.`, {
			remedy: 'swarmlab compare RUN RUN',
		});
	}

	if (chosen.length > 2) {
		throw new UsageError('--cell is given more than twice; two cells are compared.', {
			remedy: 'swarmlab compare RUN --cell A --cell B',
		});
	}

	if (chosen.length === 2) {
		const a = only(first, chosen[0]!);
		const b = only(second ?? first, chosen[1]!);
		if (a.cell === b.cell) {
			throw new UsageError(`Both --cell mean ${a.cell.cell.id}: there is nothing to compare.`, {
				remedy: `The cells there are: ${idsOf(first)}`,
			});
		}

		return [{a, b}];
	}

	return second ? betweenRuns(first, second, chosen[0]) : withinRun(first, chosen[0]);
}

function betweenRuns(first: RunRead, second: RunRead, text: string | undefined): Matchup[] {
	const [ofFirst, ofSecond] = [matching(first, text), matching(second, text)];
	const pairs = ofFirst.flatMap(a => {
		const b = ofSecond.find(each => each.cell.cell.id === a.cell.cell.id);
		return b ? [{a, b}] : [];
	});
	if (pairs.length > 0) {
		return pairs;
	}

	const [a, ...moreOfFirst] = ofFirst;
	const [b, ...moreOfSecond] = ofSecond;
	if (a && b && moreOfFirst.length + moreOfSecond.length === 0) {
		return [{a, b}];
	}

	throw new UsageError(
		`The runs have no cell in common${text === undefined ? '' : ` that ${text} means`}. ${first.summary.run} has ${idsOf(first)}; ${second.summary.run} has ${idsOf(second)}.`,
		{remedy: 'Name a cell of each: --cell A --cell B'},
	);
}

function withinRun(run: RunRead, text: string | undefined): Matchup[] {
	const members = matching(run, text);
	const [a, b, ...more] = members;
	if (!a || !b) {
		throw new UsageError(
			`${run.summary.run} has ${a ? `one cell${text === undefined ? '' : ` that ${text} means`}, ${a.cell.cell.id}` : `no cell${text === undefined ? '' : ` that ${text} means`}`}: there is nothing to compare.`,
			{remedy: `Name a second run, or other cells. The cells there are: ${idsOf(run) || 'none'}`},
		);
	}

	return more.length === 0 ? [{a, b}] : [{all: members}];
}

function matching(run: RunRead, text: string | undefined): Member[] {
	return run.summary.cells.filter(({cell}) => text === undefined || matches(cell.id, text)).map(cell => ({run, cell}));
}

function only(run: RunRead, text: string): Member {
	const exact = run.summary.cells.filter(({cell}) => cell.id === text);
	const found = exact.length > 0 ? exact.map(cell => ({run, cell})) : matching(run, text);
	const [first, ...more] = found;
	if (!first || more.length > 0) {
		throw new UsageError(
			`--cell ${text}: ${found.length} cells of ${run.summary.run} match; one is compared with one.`,
			{remedy: `The cells there are: ${idsOf(run) || 'none'}`},
		);
	}

	return first;
}

function idsOf({summary}: RunRead): string {
	return summary.cells.map(({cell}) => cell.id).join(', ');
}
