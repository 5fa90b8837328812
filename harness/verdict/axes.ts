/**
 * Which part of what is under test makes a claim fail: which points to try next, and what follows from those that were tried. A
 * point takes some axes as they are now, and the others as they were in the baseline. Pure.
 */
import {intervalText, wilson} from '../expect/interval.ts';
import {rateOf} from '../expect/rate.ts';
import type {Attribution, Axis, AxisPoint} from '../model/index.ts';

/** Most points that are tried for a claim. Three axes have six beside the two corners. */
export const mostPoints = 8;

type State = 'fails' | 'passes' | 'mixed' | 'unknown';

/** Returns the axes that are as now in the point to try next; undefined if enough is known, or no more can be. */
export function nextPoint(axes: readonly Axis[], points: readonly AxisPoint[]): Axis[] | undefined {
	const corner = stateOf([], points);
	if (corner === undefined) {
		return [];
	}

	if (corner !== 'passes' || axes.length < 2 || points.length > mostPoints || cause(axes, points)) {
		return undefined;
	}

	return parts(axes).find(part => stateOf(part, points) === undefined);
}

/** Returns what follows from the points. `why` is why a point could not be tried, if one could not. */
export function conclude(
	axes: readonly Axis[],
	points: readonly AxisPoint[],
	why?: string,
): Pick<Attribution, 'axes' | 'sentence'> {
	const before = pointAt([], points);
	const corner = stateOf([], points);
	if (axes.length === 0) {
		return {
			axes: [],
			sentence: 'Nothing that is under test differs from the baseline: the claim is flaky, or the host has changed',
		};
	}

	if (!before || corner === 'unknown' || corner === undefined) {
		return {
			axes: [],
			sentence: `It could not be told: what the baseline had could not be tried again${why ? ` (${why})` : ''}`,
		};
	}

	if (corner !== 'passes') {
		const rate = rateText(before);
		return corner === 'fails'
			? {
					axes: [],
					sentence: `None of ${listed(axes)}: with all of them as in the baseline it fails here, too, ${rate}: the host has changed, or what no record has`,
				}
			: {axes: [], sentence: `It is flaky: with ${listed(axes)} as in the baseline it fails ${rate}`};
	}

	const found = axes.length === 1 ? [...axes] : cause(axes, points);
	const [now] = found ? [pointAt(found, points)] : [];
	const control = `with ${axes.length === 1 ? 'it' : 'all'} as in the baseline ${rateText(before)}`;
	if (found && now) {
		const alone = found.length === axes.length ? '' : found.length === 1 ? ' alone' : ' and nothing else';
		return {
			axes: found,
			sentence: `The ${listed(found)}${found.length > 1 ? ' together' : ''}: with ${found.length === 1 ? 'it' : 'them'}${alone} as now it fails ${rateText(now)}, ${control}`,
		};
	}

	const mixed = points.find(each => stateIn(each) === 'mixed');
	if (mixed) {
		return {axes: [], sentence: `It is flaky: with ${listed(mixed.now)} as now it fails ${rateText(mixed)}`};
	}

	return {
		axes: [],
		sentence: `It could not be told which of ${listed(axes)}: ${why ?? 'not every point could be tried'}`,
	};
}

/** Returns the smallest part that fails, if all smaller ones pass. */
function cause(axes: readonly Axis[], points: readonly AxisPoint[]): Axis[] | undefined {
	for (const part of [...parts(axes), [...axes]]) {
		const state = stateOf(part, points);
		if (state === 'fails') {
			return part;
		}

		if (state !== 'passes') {
			return undefined;
		}
	}

	return undefined;
}

/** Returns all parts of these axes but none and all, the smallest first. */
function parts(axes: readonly Axis[]): Axis[][] {
	const all = Array.from({length: 2 ** axes.length}, (_, choice) => axes.filter((_, index) => (choice >> index) & 1));
	return all.filter(({length}) => length > 0 && length < axes.length).sort((a, b) => a.length - b.length);
}

function pointAt(now: readonly Axis[], points: readonly AxisPoint[]): AxisPoint | undefined {
	return points.find(each => each.now.length === now.length && now.every(axis => each.now.includes(axis)));
}

function stateOf(now: readonly Axis[], points: readonly AxisPoint[]): State | undefined {
	const point = pointAt(now, points);
	return point && stateIn(point);
}

function stateIn({failed, passed, undecided}: AxisPoint): State {
	const {outcome} = rateOf({failed, passed, broken: undecided, skipped: 0});
	const states = {
		reproduced: 'fails',
		'not reproduced': 'passes',
		flaky: 'mixed',
		'could not tell': 'unknown',
	} as const;
	return states[outcome];
}

function rateText({failed, passed}: AxisPoint): string {
	return `${failed} of ${failed + passed} (${intervalText(wilson(failed, failed + passed))})`;
}

function listed(axes: readonly Axis[]): string {
	return axes.length < 2 ? axes.join('') : `${axes.slice(0, -1).join(', ')} and ${axes.at(-1)}`;
}
