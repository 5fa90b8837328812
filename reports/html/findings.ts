import type {Diagnosis, TimelineEntry} from '../../harness/model/index.ts';
import {counted} from '../../harness/record/counted.ts';
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {diagnosisLines, type EvidenceGroup, evidenceByNode} from '../diagnosis.ts';
import {type Finding, notLookedAt, wholeText} from '../findings.ts';
import {timeOf} from '../path.ts';
import {duration, signs} from '../words.ts';
import {address, html, type Markup} from './markup.ts';
import {drawnPath} from './path.ts';

/** Returns the anchor of a finding on the page. */
export function anchorOf(index: number): string {
	return `finding-${index + 1}`;
}

/** Yields everything that failed or broke, with reason, remedy and evidence. */
export function* findingList(found: Finding[]): Generator<Markup> {
	const red = found.filter(each => each.verdict !== 'skipped');
	if (red.length === 0) {
		return;
	}

	yield html`<section><h2>What does not hold, and why</h2>`;
	for (const [index, each] of red.entries()) {
		// Up to four findings are open. If there are more, the reader chooses.
		yield one(each, index, red.length <= 4);
	}

	yield html`</section>`;
}

function one(
	{title, file, line, verdict, reason, cells, evidence, otherTries}: Finding,
	index: number,
	open: boolean,
): Markup {
	return html`<details class="finding ${verdict}" id="${anchorOf(index)}"${open && html` open`}>
<summary><span class="chip ${verdict}"><b class="sign">${signs[verdict]}</b> ${verdict}</span><span class="claim">${title}</span><span class="short">${reason.message}</span></summary>
<p class="where">${cells.map(each => html`<code>${each.id}</code> `)}${file !== '' && html`<span>claimed in <code>${line === undefined ? file : `${file}:${line}`}</code></span>`}</p>
${reason.diagnosis && diagnosed(reason.diagnosis)}
${reason.remedy && html`<p class="remedy">${reason.remedy}</p>`}
<pre>${wholeText(reason)}</pre>
${reason.diagnosis?.timeline && timeline(reason.diagnosis.timeline)}
${otherTries.map(each => html`<p class="again">Another try, ${each.verdict}${each.seconds > 0 && html` after ${duration(each.seconds)}`}:</p><pre>${wholeText(each.reason)}</pre>`)}
${evidence.length > 0 && html`<p class="again">Evidence</p>${evidenceByNode(evidence).map(evidenceOf)}`}
</details>
`;
}

function diagnosed(diagnosis: Diagnosis): Markup {
	const [, ...rest] = diagnosisLines(diagnosis, {withPaths: false});
	return html`<p class="diagnosis">${diagnosis.sentence}</p>${(diagnosis.paths ?? []).map(drawnPath)}${rest.length > 0 && html`<pre class="diagnosis">${rest.join('\n')}</pre>`}`;
}

/** What happened on the nodes, in one order of time. */
function timeline(entries: readonly TimelineEntry[]): Markup | false {
	return (
		entries.length > 0 &&
		html`<details class="node"><summary>What happened around the failure, node by node (${entries.length})</summary><div class="wide"><table class="plain timeline">
<thead><tr><th scope="col">UTC</th><th scope="col">node</th><th scope="col">source</th><th scope="col">what</th></tr></thead>
<tbody>${entries.map(
			({at, node, source, text}) =>
				html`<tr class="${source}"><td><time>${timeOf(at)}</time></td><td>${node || 'cell'}</td><td>${source}</td><td>${text}</td></tr>
`,
		)}</tbody></table></div></details>`
	);
}

/** Files of a node are folded; those of the cell are not. */
function evidenceOf({node, files}: EvidenceGroup): Markup {
	const list = html`<ul class="evidence">${files.map(({path, short}) => html`<li><a href="${address(path)}">${short}</a></li>`)}</ul>`;
	return node === '' ? list : html`<details class="node"><summary>${node}</summary>${list}</details>`;
}

/** Yields what was not tested, and why. */
export function* skippedList(summary: RunSummary, found: Finding[]): Generator<Markup> {
	const others = notLookedAt(summary);
	const skipped = found.map((each, index) => ({each, index})).filter(({each}) => each.verdict === 'skipped');
	if (skipped.length === 0 && others === 0) {
		return;
	}

	yield html`<section><h2>What was not tested</h2><ul class="skips">`;
	for (const {
		each: {title, reason, cells},
		index,
	} of skipped) {
		yield html`<li id="${anchorOf(index)}"><b>${title}</b> ${reason.message} <small>${cells.length === summary.cells.length ? 'on every cell' : html`on ${cells.map(each => html`<code>${each.id}</code> `)}`}</small></li>`;
	}

	yield html`${others > 0 && html`<li><b>${counted(others, 'claim')}</b> on cells that were not there to prove them on</li>`}</ul></section>`;
}
