/** A comparison as lines for a terminal: what behaves differently, and what explains it. Pure. */
import {type ClaimComparison, outcomeOf, rateOf, type Tried} from '../harness/compare/claims.ts';
import type {ComparedClaim, Comparison} from '../harness/compare/compare.ts';
import type {MetricDifference} from '../harness/compare/interval.ts';
import type {Member} from '../harness/compare/sides.ts';
import type {Explanation, Share, StateDifference, StateFact} from '../harness/compare/state.ts';
import {intervalText} from '../harness/expect/interval.ts';
import {counted} from '../harness/record/counted.ts';

/** Facts of an explanation, and explanations of a claim, that are shown; `--json` has all. */
const mostFacts = 8;
const mostExplanations = 6;

/** Claims without a difference are counted only. */
export function differing({claims}: Comparison): ComparedClaim[] {
	return claims.filter(({kind, metrics}) => kind !== 'none' || metrics.some(({says}) => says === 'differs'));
}

/** Returns the lines of all comparisons. */
export function comparisonLines(comparisons: readonly Comparison[]): string[] {
	return comparisons.flatMap((each, index) => [...(index > 0 ? [''] : []), ...linesOf(each)]);
}

function linesOf(comparison: Comparison): string[] {
	const differences = differing(comparison);
	return [
		...headOf(comparison),
		...differences.flatMap(claim => ['', ...claimLines(claim)]),
		'',
		`${counted(differences.length, 'claim')} of ${comparison.claims.length} ${differences.length === 1 ? 'differs' : 'differ'}`,
	];
}

export function headOf({matchup}: Comparison): string[] {
	return 'all' in matchup
		? [`A  the cells on which a claim fails`, `B  those on which it passes, of ${matchup.all.map(nameOf).join(', ')}`]
		: [`A  ${nameOf(matchup.a)}`, `B  ${nameOf(matchup.b)}`];
}

function nameOf({run, cell}: Member): string {
	return `${cell.cell.id} of ${run.summary.run}`;
}

function claimLines(claim: ComparedClaim): string[] {
	return [
		claim.title,
		...sideLines('A', claim.a),
		...sideLines('B', claim.b),
		...commonLines(claim).map(line => `  ${line}`),
		...claim.metrics.filter(({says}) => says === 'differs').map(each => `  ${metricText(each)}`),
		...(claim.state ? stateLines(claim.state) : []),
	];
}

function sideLines(side: string, tried: readonly Tried[]): string[] {
	return tried.length === 0
		? [`  ${side}  not there`]
		: tried.map(each => `  ${side}  ${tried.length > 1 ? `${each.member.cell.cell.id}: ` : ''}${outcomeText(each)}`);
}

/** Returns `failed, 3 of 3 (44–100 %): no answer`. */
export function outcomeText({case: its}: Tried): string {
	const {failed, decided, interval} = rateOf(its);
	const rate = decided > 1 ? `, ${failed} of ${decided} failed (${intervalText(interval)})` : '';
	return cut(`${outcomeOf(its)}${rate}${its.reason ? `: ${its.reason.message}` : ''}`);
}

/** Returns what only the cells of one side have. */
export function commonLines({a, b, common}: ClaimComparison): string[] {
	return a.length + b.length > 2
		? [
				...(common.a.length > 0 ? [`only A has ${common.a.join(', ')}`] : []),
				...(common.b.length > 0 ? [`only B has ${common.b.join(', ')}`] : []),
				...(common.a.length + common.b.length === 0 ? ['no kernel and no engine alone separates A from B'] : []),
			]
		: [];
}

/** Returns `seconds: 1.2 (n 5) → 2.3 (n 5), +1.1, 95 % interval +0.4 to +1.8`. */
export function metricText({metric, a, b, difference, interval}: MetricDifference): string {
	const signed = (value: number) => `${value > 0 ? '+' : ''}${short(value)}`;
	const range = interval
		? `, 95 % interval ${signed(interval.low)} to ${signed(interval.high)}`
		: ', one value each side: no interval';
	return `${metric}: ${short(a.mean)} (n ${a.values}) → ${short(b.mean)} (n ${b.values}), ${signed(difference)}${range}`;
}

function short(value: number): string {
	return String(Number(value.toPrecision(3)));
}

function stateLines(state: StateDifference): string[] {
	const {explanations, alsoAlike, notes} = state;
	const shown = explanations.slice(0, mostExplanations);
	return [
		...(shown.length > 0 ? ['  State that separates them, the shortest explanation first (A | B):'] : []),
		...shown.flatMap((each, index) => explanationLines(each, index)),
		...(explanations.length > shown.length
			? [`  … and ${counted(explanations.length - shown.length, 'longer explanation')}: --json`]
			: []),
		...usualLines(alsoAlike).map(line => `  ${line}`),
		...(explanations.length + alsoAlike.length + notes.length === 0
			? ['  Their state, as far as it was read, is the same.']
			: []),
		...[...new Set(notes)].map(note => `  note: ${note}`),
	];
}

/** So many facts of a topic are shown of what differs in any case. */
const mostUsual = 3;

/** Returns what differs also for claims that behave alike. */
export function usualLines(alsoAlike: StateDifference['alsoAlike']): string[] {
	return alsoAlike.length > 0
		? [
				'Different in any case, also where both sides behave alike (A | B):',
				...alsoAlike
					.slice(0, mostExplanations)
					.flatMap(each => [
						`- ${explanationTitle(each)}`,
						...each.facts.slice(0, mostUsual).map(fact => `    ${factText(fact, each)}`),
						...(each.facts.length > mostUsual ? [`    … ${each.facts.length - mostUsual} more`] : []),
					]),
			]
		: [];
}

function explanationLines(explanation: Explanation, index: number): string[] {
	const {facts} = explanation;
	const shown = facts.slice(0, mostFacts);
	return [
		`  ${index + 1}. ${explanationTitle(explanation)}`,
		...shown.map(fact => `       ${factText(fact, explanation)}`),
		...(facts.length > shown.length ? [`       … ${facts.length - shown.length} more`] : []),
	];
}

/** Returns `sysctl in lb_* (2 | 3 places)`. */
export function explanationTitle({topic, place, places, facts}: Explanation): string {
	const where = place === 'node' ? '' : ` in ${place}`;
	return `${topic}${where}: ${counted(facts.length, 'difference')} (${places.a} | ${counted(places.b, 'place')} read)`;
}

/** Returns `net.ipv4.vs.conn_reuse_mode: 1 | 0`. */
export function factText({key, a, b}: StateFact, {places}: Explanation): string {
	return `${cut(key)}: ${sharesText(a, places.a)} | ${sharesText(b, places.b)}`;
}

function sharesText(shares: readonly Share[], all: number): string {
	return shares
		.map(({value = 'not there', places}) => (places === all ? value : `${value} (${places} of ${all})`))
		.slice(0, 3)
		.join(', ');
}

/** Returns a text that fits into two lines of a terminal. */
function cut(text: string): string {
	const line = text.replaceAll(/\s+/g, ' ');
	return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
