/** By how much a measurement differs between two sides, and how sure that is. Pure. */

/** Quantiles of Student's t for 95 %, two-sided, by degrees of freedom from 1. */
const quantiles = [
	...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
	...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
	...[2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042],
];

/** The values of one side. */
interface Measured {
	values: number;
	mean: number;
	least: number;
	most: number;
}

export interface MetricDifference {
	/** Its name has its unit, or it is in seconds. */
	metric: string;
	a: Measured;
	b: Measured;
	/** Mean of B minus mean of A. */
	difference: number;
	/** In which the true difference lies, at 95 %. Absent: a side has one value, which says nothing about its scatter. */
	interval?: {low: number; high: number};
	/** `differs`: zero is outside of the interval. `unknown`: a side has one value. */
	says: 'differs' | 'no difference shown' | 'unknown';
}

/**
 * Compares two samples by Welch's interval: B. L. Welch, The generalization of “Student's” problem when several different
 * population variances are involved, Biometrika 34 (1947). It needs no equal scatter. Returns undefined if a side has no value.
 */
export function differenceOf(metric: string, a: readonly number[], b: readonly number[]): MetricDifference | undefined {
	if (a.length === 0 || b.length === 0) {
		return undefined;
	}

	const both = {metric, a: measured(a), b: measured(b)};
	const difference = both.b.mean - both.a.mean;
	if (a.length === 1 || b.length === 1) {
		return {...both, difference, says: 'unknown'};
	}

	const [ofA, ofB] = [squaredError(a), squaredError(b)];
	// Below that it is the rounding of equal values.
	const error = ofA + ofB < 1e-24 ? 0 : ofA + ofB;
	const freedom = error === 0 ? 1 : error ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1));
	const half = error === 0 ? 0 : quantile(freedom) * Math.sqrt(error);
	const interval = {low: difference - half, high: difference + half};
	const differs = interval.low > 0 || interval.high < 0;
	return {...both, difference, interval, says: differs ? 'differs' : 'no difference shown'};
}

function measured(values: readonly number[]): Measured {
	const sum = values.reduce((all, each) => all + each, 0);
	return {
		values: values.length,
		mean: sum / values.length,
		least: values.reduce((least, each) => Math.min(least, each)),
		most: values.reduce((most, each) => Math.max(most, each)),
	};
}

/** Returns the variance of the mean. */
function squaredError(values: readonly number[]): number {
	const {mean} = measured(values);
	return values.reduce((all, each) => all + (each - mean) ** 2, 0) / (values.length - 1) / values.length;
}

/** Rounds the degrees of freedom down, which makes the interval wider. */
function quantile(freedom: number): number {
	return quantiles[Math.floor(freedom + 1e-9) - 1] ?? 1.96 + 2.5 / freedom;
}
