import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {measurements} from '../findings.ts';
import {labels} from '../labels.ts';
import {measured as number} from '../words.ts';
import {html, type Markup} from './markup.ts';

const row = 20;

/** Yields every measurement as a small chart: one bar per cell that measured it. */
export function* measured(summary: RunSummary): Generator<Markup> {
	const all = measurements(summary);
	if (all.length === 0) {
		return;
	}

	const names = labels(summary.cells.map(each => each.cell)).map(({kernel, engine, more}) =>
		[kernel, engine, more].filter(Boolean).join(' · '),
	);
	yield html`<section><h2>What was measured</h2>
<p class="note">Seconds, unless the name says otherwise; the median where there are repetitions.</p>
<div class="charts">`;
	for (const {name, title, values} of all) {
		const bars = values.flatMap((value, index) => (value === undefined ? [] : [{value, name: names[index] ?? ''}]));
		yield html`<figure><figcaption><b>${name}</b>${title !== '' && html`<small>${title}</small>`}</figcaption>${chart(bars)}</figure>
`;
	}

	yield html`</div></section>`;
}

/** Draws a bar chart. Bars begin at zero: otherwise the chart would show wrong ratios. */
function chart(bars: {value: number; name: string}[]): Markup {
	const longest = bars.reduce((most, each) => Math.max(most, each.value), Number.MIN_VALUE);
	return html`<svg viewBox="0 0 400 ${bars.length * row}" role="img" aria-label="${bars.map(each => `${each.name}: ${number(each.value)}`).join('; ')}">${bars.map(
		({value, name}, index) =>
			html`<text x="0" y="${index * row + 14}" class="name">${name}</text><rect x="150" y="${index * row + 4}" width="${Math.max(1, (value / longest) * 190).toFixed(1)}" height="12" rx="2"/><text x="${(156 + Math.max(1, (value / longest) * 190)).toFixed(1)}" y="${index * row + 14}">${number(value)}</text>`,
	)}</svg>`;
}
