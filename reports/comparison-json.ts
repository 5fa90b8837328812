/** A comparison as plain data for programs. Pure. */
import type {Tried} from '../harness/compare/claims.ts';
import type {ComparedClaim, Comparison} from '../harness/compare/compare.ts';
import type {Member} from '../harness/compare/sides.ts';
import type {CaseSummary} from '../harness/record/summary/summary.ts';
import {differing} from './comparison.ts';

/** What `swarmlab compare --json` prints of two cells, or of all cells of one run that are alike but for one thing. */
export type ComparisonJson = ({a: ComparedCell; b: ComparedCell} | {cells: ComparedCell[]}) & {
	/** How many were compared. */
	claims: number;
	/** Claims without a difference are only counted. */
	differences: (Omit<ComparedClaim, 'a' | 'b'> & {a: TriedJson[]; b: TriedJson[]})[];
};

interface ComparedCell {
	/** Id of the run. */
	run: string;
	/** Id of the cell. */
	cell: string;
}

/** How a claim came out in one cell. */
interface TriedJson extends ComparedCell, Pick<CaseSummary, 'verdict' | 'repetitions' | 'flaky'> {
	message?: string;
	/** How many folders of evidence there are. */
	evidence: number;
}

export function comparisonJson(comparison: Comparison): ComparisonJson {
	const {matchup, claims} = comparison;
	return {
		...('all' in matchup ? {cells: matchup.all.map(cellOf)} : {a: cellOf(matchup.a), b: cellOf(matchup.b)}),
		claims: claims.length,
		differences: differing(comparison).map(({a, b, ...claim}) => ({...claim, a: a.map(triedOf), b: b.map(triedOf)})),
	};
}

function cellOf({run, cell}: Member): ComparedCell {
	return {run: run.summary.run, cell: cell.cell.id};
}

function triedOf({member, case: its}: Tried): TriedJson {
	const {verdict, repetitions, flaky, reason, evidence} = its;
	return {
		...cellOf(member),
		verdict,
		repetitions,
		flaky,
		...(reason && {message: reason.message}),
		evidence: evidence.length,
	};
}
