import type {CellSummary, RunSummary} from '../../harness/record/summary.ts';
import {duration} from '../words.ts';
import {html, type Markup} from './markup.ts';

const stages = ['artifacts', 'boot', 'swarm', 'stack', 'preflight', 'scenarios', 'teardown'] as const;

/** Where the time went: the stages of every cell, to one scale, and the slowest claims. */
export function timing({cells}: RunSummary): Markup | undefined {
	const longest = Math.max(...cells.map(total));
	if (!(longest > 0)) {
		return undefined;
	}

	const slowest = cells
		.flatMap(({cell, cases}) => cases.slice(1).map(each => ({...each, cell: cell.id})))
		.filter(each => each.seconds > 0)
		.sort((a, b) => b.seconds - a.seconds)
		.slice(0, 5);
	return html`<section><h2>Where the time went</h2>
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
			html`<tr><td>${each.title}</td><td><code>${each.cell}</code></td><td class="number">${duration(each.seconds)}</td></tr>`,
	)}</tbody></table>`
}
</section>`;
}

function total({stages}: CellSummary): number {
	return stages.reduce((sum, each) => sum + each.seconds, 0);
}
