/** The section about what changed since the baseline: the first one of the page, if the run has a baseline. */
import {linkOf} from '../../harness/expect/issue.ts';
import type {NightlyVerdict} from '../../harness/model/index.ts';
import {counted} from '../../harness/record/counted.ts';
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {type ChangeGroup, changeGroups, nightlySentence, redText, versionLines} from '../nightly.ts';
import {html, type Markup} from './markup.ts';

/** Groups with more results than these are closed until the reader opens them. */
const open = 12;

/** Yields the section; nothing for a run without a baseline. */
export function* nightlySection(summary: RunSummary): Generator<Markup> {
	const {nightly} = summary;
	if (!nightly) {
		return;
	}

	yield html`<section class="nightly"><h2>${nightlySentence(nightly)}</h2>
<p class="note">${redText(nightly)}</p>`;
	for (const group of changeGroups(summary)) {
		yield groupOf(group);
	}

	yield surroundings(nightly);
	yield html`</section>`;
}

function groupOf({change, isRed, results}: ChangeGroup): Markup {
	return html`<details class="change${isRed && ' red'}"${results.length <= open && html` open`}>
<summary><b>${change}</b> <small>${counted(results.length, 'result')}</small></summary>
<ul>${results.map(
		({title, file, cell, says, cause, issue}) =>
			html`<li><span class="claim">${title}</span> <code>${cell}</code>${file !== '' && html` <small>${file}</small>`}
<p>${says}${issue && linked(issue)}</p>${cause && html`<p class="cause">${cause}</p>`}</li>`,
	)}</ul>
</details>`;
}

function linked(issue: string): Markup {
	const link = linkOf(issue);
	return link ? html` <a href="${link}">${issue}</a>` : html``;
}

function surroundings(nightly: NightlyVerdict): Markup {
	const versions = versionLines(nightly);
	return html`${versions.length > 0 && html`<p class="note">What differs from the baseline:</p><ul class="note">${versions.map(each => html`<li>${each}</li>`)}</ul>`}
${nightly.notices.map(each => html`<p class="warn">${each}</p>`)}`;
}
