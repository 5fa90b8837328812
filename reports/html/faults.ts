/** Lists of claims, each with some lines, on the page: faults that were on, and nodes that do not agree. */
import type {Cell} from '../../harness/model/index.ts';
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {agreementHead, disagreeingCases} from '../agreement.ts';
import {faultyCases} from '../faults.ts';
import {html, type Markup} from './markup.ts';

/** Yields each claim that had faults on, with what they did. */
export function faultList(summary: RunSummary): Generator<Markup> {
	return list('Faults that were on', faultyCases(summary));
}

/** Yields each claim that holds on nodes that do not agree. */
export function agreementList(summary: RunSummary): Generator<Markup> {
	return list(agreementHead, disagreeingCases(summary));
}

function* list(head: string, found: {title: string; cell: Cell; lines: string[]}[]): Generator<Markup> {
	if (found.length === 0) {
		return;
	}

	yield html`<section><h2>${head}</h2><ul class="skips">`;
	for (const {title, cell, lines} of found) {
		yield html`<li><b>${title}</b> <small><code>${cell.id}</code></small>${lines.map(line => html`<br>${line}`)}</li>`;
	}

	yield html`</ul></section>`;
}
