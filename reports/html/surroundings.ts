import {type Cell, countsOf, uniform} from '../../harness/model/index.ts';
import {counted} from '../../harness/record/counted.ts';
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {orderTexts, seedText} from '../order.ts';
import {underTest} from '../under-test.ts';
import {duration} from '../words.ts';
import {html, type Markup} from './markup.ts';

/** Returns host, cells, artifacts, and all trouble of the lab. */
export function surroundings(summary: RunSummary): Markup {
	const {host, cells, artifacts, notices, leftovers} = summary;
	const seed = seedText(summary);
	const retries = cells.flatMap(({cell, retries}) => retries.map(each => ({cell: cell.id, ...each})));
	const all = [
		...notices,
		...cells.flatMap(each => each.notices.map(notice => ({...notice, message: `${each.cell.id}: ${notice.message}`}))),
	];
	const left = [...leftovers, ...cells.flatMap(each => each.leftovers)];
	return html`<section><h2>Where it was run</h2>
${
	host &&
	html`<dl class="facts">
<dt>host</dt><dd>${host.hostname}, ${host.os}, kernel ${host.kernel}</dd>
<dt>size</dt><dd>${counted(host.cpus, 'CPU')}, ${host.memory} MiB</dd>
<dt>accelerator</dt><dd>${host.accelerator}: ${host.acceleratorReason}</dd>
<dt>versions</dt><dd>${[...Object.values(host.facts), `swarmlab ${host.swarmlab}`].join(', ')}</dd>
</dl>`
}
${
	seed &&
	html`<dl class="facts">
<dt>seed</dt><dd>${seed}</dd>
${cells.map(each =>
	orderTexts(each).map(
		({
			where,
			order,
		}) => html`<dt>order</dt><dd><small><code>${each.cell.id}</code>${where && `, ${where}`}</small> ${order}</dd>
`,
	),
)}</dl>`
}
<div class="wide"><table class="plain">
<thead><tr><th scope="col">cell</th><th scope="col">kernel</th><th scope="col">under test</th><th scope="col">machines</th><th scope="col">came out</th></tr></thead>
<tbody>${cells.map(
		({
			cell,
			state,
			counts,
		}) => html`<tr><td><code>${cell.id}</code></td><td>${uniform(cell, ({kernel}) => kernel.release)}</td><td>${underTest(cell)}</td><td>${machines(cell)}</td><td>${state === 'tested' ? `${counts.passed} of ${counts.passed + counts.failed + counts.broken}` : state}</td></tr>
`,
	)}</tbody></table></div>
${
	artifacts.length > 0 &&
	html`<div class="wide"><table class="plain">
<thead><tr><th scope="col">artifact</th><th scope="col">was</th><th scope="col">key</th></tr></thead>
<tbody>${artifacts.map(
		({
			kind,
			label,
			states,
			key,
			seconds,
			detail,
		}) => html`<tr><td>${kind} ${label}</td><td>${states.join(', ')}${states.includes('built') && seconds !== undefined && ` in ${duration(seconds)}`}${detail && html`<br><small>${detail}</small>`}</td><td><code>${key}</code></td></tr>
`,
	)}</tbody></table></div>`
}
<ul class="skips">${all.map(each => html`<li><b>${each.level}</b> ${each.message}</li>`)}${retries.map(each => html`<li><b>infrastructure tried again</b> ${each.reason.message} <small>on <code>${each.cell}</code></small></li>`)}${left.map(each => html`<li><b>left over</b> ${each.what}: ${each.why}</li>`)}</ul>
</section>`;
}

function machines(cell: Cell): string {
	const {managers, workers, outsiders} = countsOf(cell);
	return `${managers} + ${workers}${outsiders > 0 ? ` + ${outsiders}` : ''}, ${uniform(cell, ({memory}) => memory)} MiB`;
}
