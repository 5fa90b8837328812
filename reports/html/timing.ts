import type {CaseSummary, CellSummary, RunSummary} from '../../harness/record/summary/summary.ts';
import {slowestOf} from '../findings.ts';
import {duration} from '../words.ts';
import {html, type Markup} from './markup.ts';

const stages = ['artifacts', 'boot', 'swarm', 'stack', 'preflight', 'scenarios', 'teardown'] as const;

/** Yields where the time went: the stages of every cell, on one scale, and the slowest claims. */
export function* timing(summary: RunSummary): Generator<Markup> {
	const {cells} = summary;
	const longest = cells.reduce((most, each) => Math.max(most, total(each)), 0);
	if (!(longest > 0)) {
		return;
	}

	const slowest = slowestOf(summary, 5, claims);
	yield html`<section><h2>Where the time went</h2>
<p class="note">${stages.map(each => html`<span class="key"><i class="stage ${each}"></i>${each}</span> `)}</p>
<div class="times">${cells.map(
		each => html`<span>${each.cell.id}</span><span class="line"><span class="stages" style="width:${((100 * total(each)) / longest).toFixed(2)}%">${each.stages.map(
			({stage, seconds}) =>
				seconds > 0 &&
				html`<i class="stage ${stage}" style="flex-grow:${seconds.toFixed(3)}" title="${stage}: ${duration(seconds)}"></i>`,
		)}</span></span><span class="number">${duration(total(each))}</span>
`,
	)}</div>
${
	slowest.length > 0 &&
	html`<table class="plain"><thead><tr><th scope="col">The slowest claims</th><th scope="col">cell</th><th scope="col" class="number">time</th></tr></thead><tbody>${slowest.map(
		each =>
			html`<tr><td>${each.title}</td><td><code>${each.cell.id}</code></td><td class="number">${duration(each.seconds)}</td></tr>`,
	)}</tbody></table>`
}
</section>`;
}

function total({stages}: CellSummary): number {
	return stages.reduce((sum, each) => sum + each.seconds, 0);
}

/** Leaves out `provision`: the stages show it. */
function claims(cases: CaseSummary[]): CaseSummary[] {
	return cases.slice(1);
}
