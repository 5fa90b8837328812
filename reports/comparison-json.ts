/** A comparison as plain data for programs. Pure. */
import type {Tried} from '../harness/compare/claims.ts';
import type {Comparison} from '../harness/compare/compare.ts';
import type {Member} from '../harness/compare/sides.ts';
import {differing} from './comparison.ts';

/** Returns what `swarmlab compare --json` prints: claims without a difference are only counted. */
export function comparisonJson(comparison: Comparison): object {
	const {matchup, claims} = comparison;
	return {
		...('all' in matchup ? {cells: matchup.all.map(cellOf)} : {a: cellOf(matchup.a), b: cellOf(matchup.b)}),
		claims: claims.length,
		differences: differing(comparison).map(({a, b, ...claim}) => ({...claim, a: a.map(triedOf), b: b.map(triedOf)})),
	};
}

function cellOf({run, cell}: Member) {
	return {run: run.summary.run, cell: cell.cell.id};
}

function triedOf({member, case: its}: Tried) {
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
