/** Which claims behave differently on two sides, and in what. Pure. */
import {type Interval, wilson} from '../expect/interval.ts';
import {stackOf} from '../model/index.ts';
import type {CaseSummary} from '../record/summary/summary.ts';
import {differenceOf, type MetricDifference} from './interval.ts';
import {type Matchup, type Member, valuesKey} from './sides.ts';
import {equalised} from './words.ts';

/**
 * `verdict`: one side passed, or was not decided. `failure`: both failed, each in its own way. `rate`: how often it failed.
 * `missing`: one side does not have the claim. `none`: the same.
 */
type Kind = 'verdict' | 'failure' | 'rate' | 'missing' | 'none';

/** A claim on one cell. */
export interface Tried {
	member: Member;
	case: CaseSummary;
}

export interface ClaimComparison {
	/** `scenarioId`. */
	id: string;
	title: string;
	kind: Kind;
	/** One cell each; more if the cells of one run were divided by how the claim came out. Empty: not there. */
	a: Tried[];
	b: Tried[];
	/** Only those of two cells. */
	metrics: MetricDifference[];
	/** What all cells of a side have, and none of the other: `Docker 20.10.5`. */
	common: {a: string[]; b: string[]};
}

/** Returns every claim of a matchup, in the order of the cells. Of more than two cells, only those that came out differently. */
export function compareClaims(matchup: Matchup): ClaimComparison[] {
	return 'all' in matchup ? divided(matchup.all) : between(matchup.a, matchup.b);
}

function between(a: Member, b: Member): ClaimComparison[] {
	const ofB = new Map(b.cell.cases.map(each => [each.id, each]));
	const ids = new Set(a.cell.cases.map(({id}) => id));
	const pairs: [CaseSummary | undefined, CaseSummary | undefined][] = [
		...a.cell.cases.map((each): [CaseSummary, CaseSummary | undefined] => [each, ofB.get(each.id)]),
		...b.cell.cases.filter(({id}) => !ids.has(id)).map((each): [undefined, CaseSummary] => [undefined, each]),
	];
	const common = {a: only([a], [b]), b: only([b], [a])};
	return pairs.map(([left, right]) => {
		const {id, title} = (left ?? right)!;
		return {
			...{id, title, kind: kindOf(left, right), common},
			a: left ? [{member: a, case: left}] : [],
			b: right ? [{member: b, case: right}] : [],
			metrics: left && right ? metricsOf(a, b, id) : [],
		};
	});
}

function kindOf(a: CaseSummary | undefined, b: CaseSummary | undefined): Kind {
	if (!a || !b) {
		return 'missing';
	}

	const [left, right] = [outcomeOf(a), outcomeOf(b)];
	if (left !== right) {
		return 'verdict';
	}

	if (areApart(rateOf(a).interval, rateOf(b).interval)) {
		return 'rate';
	}

	return left !== 'passed' && failureOf(a) !== failureOf(b) ? 'failure' : 'none';
}

/** Returns how a claim behaved. What was expected of it does not count: a known failure failed, and a surprise may have passed. */
export function outcomeOf({repetitions}: CaseSummary): 'failed' | 'broken' | 'passed' | 'skipped' {
	const {failed, known, broken, passed} = repetitions;
	return failed + known > 0 ? 'failed' : broken > 0 ? 'broken' : passed > 0 ? 'passed' : 'skipped';
}

/** Returns why it did not pass, with words in place of what is chance. */
function failureOf({reason}: CaseSummary): string {
	return equalised(reason?.message.replace(/^(?:known failure|surprise)\b[^(]*\([^)]*\)[^:]*: /, '') ?? '');
}

/** Returns how often a claim failed, of the tries that decided something. */
export function rateOf({repetitions: {passed, failed, known}}: CaseSummary): {
	failed: number;
	decided: number;
	interval: Interval;
} {
	const red = failed + known;
	return {failed: red, decided: red + passed, interval: wilson(red, red + passed)};
}

function areApart(a: Interval, b: Interval): boolean {
	return a.high < b.low || b.high < a.low;
}

function metricsOf(a: Member, b: Member, id: string): MetricDifference[] {
	if (a.run.values.size === 0 || b.run.values.size === 0) {
		return [];
	}

	const ofA = a.run.values.get(valuesKey(a.cell.cell.id, id)) ?? {};
	const ofB = b.run.values.get(valuesKey(b.cell.cell.id, id)) ?? {};
	return Object.entries(ofA).flatMap(([metric, values]) => differenceOf(metric, values, ofB[metric] ?? []) ?? []);
}

/** Of each claim that failed on some cells and passed on others, the cells where it failed are side A. */
function divided(members: readonly Member[]): ClaimComparison[] {
	const claims = new Map<string, Tried[]>();
	for (const member of members) {
		for (const each of member.cell.cases) {
			claims.set(each.id, [...(claims.get(each.id) ?? []), {member, case: each}]);
		}
	}

	return [...claims].flatMap(([id, tried]) => {
		const a = tried.filter(each => outcomeOf(each.case) === 'failed');
		const b = tried.filter(each => outcomeOf(each.case) === 'passed');
		const common = {
			a: only(membersOf(a), membersOf(b)),
			b: only(membersOf(b), membersOf(a)),
		};
		return a.length > 0 && b.length > 0
			? [{id, title: tried[0]!.case.title, kind: 'verdict' as const, a, b, metrics: [], common}]
			: [];
	});
}

function membersOf(tried: readonly Tried[]): Member[] {
	return tried.map(({member}) => member);
}

/** Returns what every cell of `these` has in its nodes, and no cell of `those`. */
function only(these: readonly Member[], those: readonly Member[]): string[] {
	const [first, ...others] = these.map(traits);
	const theirs = new Set(those.flatMap(member => [...traits(member)]));
	return [...(first ?? [])].filter(trait => !theirs.has(trait) && others.every(each => each.has(trait)));
}

function traits({cell: {cell}}: Member): Set<string> {
	return new Set([
		...cell.nodes.flatMap(({kernel, engine, variant}) => [
			`kernel ${kernel.label === 'host' ? kernel.release : kernel.label}`,
			...(stackOf(cell) ? [] : [`Docker ${engine.label}`]),
			...(variant ? [`variant ${variant.id}`] : []),
		]),
		...(stackOf(cell) ? [`stack ${stackOf(cell)!.label}`] : []),
		`provider ${cell.provider}`,
		`${cell.nodes.length} nodes`,
	]);
}
