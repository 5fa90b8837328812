/** Which claims take longer than in the baseline: a test over repeated measurements, never over one. Pure. */
import type {PastTry} from '../history/past-run.ts';
import {discoveries, probabilityOfLater} from './rank-test.ts';

/** The tries of one claim on one cell, before and now. */
export interface Samples {
	before: readonly PastTry[];
	now: readonly PastTry[];
}

/** One measurement that is slower. */
export interface Slower {
	/** Place of its samples. */
	index: number;
	/** What was measured; empty: the claim as a whole. */
	metric: string;
	/** Medians, seconds. */
	before: number;
	now: number;
	counts: [before: number, now: number];
	/** Of so high ranks by chance. */
	probability: number;
}

/** Fewer values say nothing on either side. */
const leastValues = 3;

/** More values than these, the newest, are not needed, and make the exact test slow. */
const mostValues = 20;

/** A difference that is smaller is of no use to a person, however sure it is. */
const leastRatio = 1.2;
const leastSeconds = 0.05;

/** Share of false reports among the reported, on average. */
const falseRate = 0.05;

/** Returns what is slower, among all that can be compared. */
export function slowerIn(samples: readonly Samples[]): Slower[] {
	const series = samples.flatMap(({before, now}, index) =>
		metricsOf(now).map(metric => ({
			...{index, metric},
			before: valuesOf(before, metric).slice(-mostValues),
			now: valuesOf(now, metric).slice(-mostValues),
		})),
	);
	const tested = series
		.filter(each => each.before.length >= leastValues && each.now.length >= leastValues)
		.map(each => {
			const [before, now] = [median(each.before), median(each.now)];
			const isLarge = now >= before * leastRatio && now - before >= leastSeconds;
			// The others count as tested, and as not found: that errs to the side of silence.
			const probability = isLarge ? probabilityOfLater(each.before, each.now) : 1;
			const counts: Slower['counts'] = [each.before.length, each.now.length];
			return {index: each.index, metric: each.metric, before, now, counts, probability};
		});
	const found = discoveries(
		tested.map(({probability}) => probability),
		falseRate,
	);
	return tested.filter((_, place) => found.has(place));
}

/** The claim itself, and its metrics in seconds: those with another unit have it in parentheses, and more of it may be better. */
function metricsOf(tries: readonly PastTry[]): string[] {
	const names = new Set(tries.flatMap(({metrics}) => Object.keys(metrics)));
	return ['', ...[...names].filter(name => !/\(.+\)$/.test(name))];
}

function valuesOf(tries: readonly PastTry[], metric: string): number[] {
	return tries
		.filter(({verdict}) => verdict === 'passed')
		.flatMap(each => (metric === '' ? each.seconds : (each.metrics[metric] ?? [])))
		.filter(value => Number.isFinite(value) && value >= 0);
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
