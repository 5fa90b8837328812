import {stackOf} from '../../harness/model/index.ts';
import type {CaseSummary, RunSummary} from '../../harness/record/summary/summary.ts';
import type {Finding, Table} from '../findings.ts';
import {labels} from '../labels.ts';
import {signs, verdictWords} from '../words.ts';
import {anchorOf} from './findings.ts';
import {html, type Markup} from './markup.ts';

/** Yields claims × cells, row by row. A case that did not pass links to its finding. */
export function* matrix({cells}: RunSummary, found: Finding[], claims: Table): Generator<Markup> {
	if (cells.length === 0) {
		return;
	}

	const columns = labels(cells.map(each => each.cell));
	const kernels = Map.groupBy(
		columns.map((each, index) => ({...each, index})),
		each => each.kernel,
	);
	// Cells of one kernel stand side by side under it.
	const order = [...kernels.values()].flat().map(each => each.index);
	const first = new Set([...kernels.values()].map(each => each[0]?.index));
	const findingOf = new Map<CaseSummary, number>();
	for (const [index, {cases}] of found.entries()) {
		for (const each of cases) {
			findingOf.set(each, index);
		}
	}

	yield html`<section>
<h2>What holds where</h2>
<div class="wide"><table class="matrix">
<thead>
<tr><th scope="col" rowspan="2" class="corner"><span>kernel</span><span>${cells.some(each => stackOf(each.cell)) ? 'stack' : 'Docker'}</span></th>${[...kernels].map(([kernel, those]) => html`<th scope="colgroup" colspan="${those.length}" class="kernel">${kernel}</th>`)}</tr>
<tr>${order.map(index => html`<th scope="col" class="${first.has(index) && 'first'}" title="${cells[index]?.cell.id}">${columns[index]?.engine}${columns[index]?.more && html`<small>${columns[index]?.more}</small>`}</th>`)}</tr>
</thead>
<tbody>`;
	for (const [row, {title}] of claims.rows.entries()) {
		yield html`<tr><th scope="row">${title}</th>${order.map(index => {
			const each = claims.at(row, index);
			return html`<td class="${first.has(index) && 'first'}">${each && box(each, findingOf.get(each))}</td>`;
		})}</tr>
`;
	}

	yield html`</tbody>
</table></div>
</section>`;
}

function box({verdict, repetitions, reason}: CaseSummary, finding: number | undefined): Markup {
	const {passed, failed, broken, skipped} = repetitions;
	const all = passed + failed + broken + skipped;
	const inside = html`<b class="sign" role="img" aria-label="${verdict}">${signs[verdict]}</b>${all > 1 && html`<small>${passed}/${all}</small>`}`;
	const title = reason ? `${verdictWords[verdict]}: ${reason.message}` : verdict;
	return finding === undefined
		? html`<span class="box ${verdict}" title="${title}">${inside}</span>`
		: html`<a class="box ${verdict}" href="#${anchorOf(finding)}" title="${title}">${inside}</a>`;
}
