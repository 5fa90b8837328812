/** The faults that scenarios put in, on the page. */
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {faultyCases} from '../faults.ts';
import {html, type Markup} from './markup.ts';

/** Yields each claim that put faults in, with what they did. */
export function* faultList(summary: RunSummary): Generator<Markup> {
	const found = faultyCases(summary);
	if (found.length === 0) {
		return;
	}

	yield html`<section><h2>Faults that scenarios put in</h2><ul class="skips">`;
	for (const {title, cell, lines} of found) {
		yield html`<li><b>${title}</b> <small><code>${cell.id}</code></small>${lines.map(line => html`<br>${line}`)}</li>`;
	}

	yield html`</ul></section>`;
}
