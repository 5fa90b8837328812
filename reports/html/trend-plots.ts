/** Times and metrics of a claim over its runs, as small plots. */
import type {PastPoint, Strip} from '../../harness/history/history.ts';
import {measured as number} from '../words.ts';
import {html, type Markup} from './markup.ts';

const [width, height] = [220, 36];

/** Returns a plot for each cell of what was measured in at least two runs. */
export function plots(strips: readonly Strip[]): Markup {
	const names = new Set(strips.flatMap(({points}) => points.flatMap(each => each.tries.flatMap(metricsOf))));
	const all = [...(names.has(time) ? [time] : []), ...[...names].filter(each => each !== time).sort()];
	const drawn = all.flatMap(name => {
		const lines = strips.flatMap(({cell, points}) => {
			const values = points.map(each => medianOf(each, name)).filter(each => each !== undefined);
			return values.length < 2 ? [] : [{cell, values}];
		});
		// One scale for all cells, from zero: otherwise two plots could not be compared.
		const most = lines.reduce((highest, {values}) => values.reduce((a, b) => Math.max(a, b), highest), 0);
		return lines.map(each => plot(name, each.cell, each.values, most));
	});
	return html`${drawn.length > 0 && html`<div class="plots">${drawn}</div>`}`;
}

const time = 'seconds';

function metricsOf({metrics}: PastPoint['tries'][number]): string[] {
	return [time, ...Object.keys(metrics)];
}

/** Returns the median of the tries of a run; tries that the lab broke and those that were skipped measured nothing. */
function medianOf({tries}: PastPoint, name: string): number | undefined {
	const values = tries
		.filter(({verdict}) => verdict === 'passed' || verdict === 'failed')
		.map(({seconds, metrics}) => (name === time ? seconds : metrics[name]))
		.filter(each => each !== undefined && Number.isFinite(each));
	return median(values as number[]);
}

function median(values: readonly number[]): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1
		? sorted[middle]
		: sorted.length === 0
			? undefined
			: (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function plot(name: string, cell: string, values: readonly number[], most: number): Markup {
	const sorted = values.toSorted((a, b) => a - b);
	const [least, middle, highest] = [sorted[0]!, median(sorted)!, sorted.at(-1)!].map(number);
	const label = `last ${number(values.at(-1)!)}, median ${middle}, ${least} to ${highest} in ${values.length} runs`;
	const at = values.map(
		(value, index) =>
			`${((index / (values.length - 1)) * width).toFixed(1)},${(height - (Math.max(0, value) / (most || 1)) * height).toFixed(1)}`,
	);
	return html`<figure><figcaption><b>${name}</b> <small>${cell}</small></figcaption><svg class="plot" viewBox="-2 -2 ${width + 4} ${height + 4}" aria-hidden="true"><polyline points="${at.join(' ')}"/></svg><small>${label}</small></figure>
`;
}
