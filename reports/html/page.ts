/** A run as one page for people: without scripts and external files, readable on paper. */
import {counted} from '../../harness/record/counted.ts';
import type {CaseVerdict, Counts, RunSummary} from '../../harness/record/summary/summary.ts';
import {findings, tableOf} from '../findings.ts';
import {nightlySentence} from '../nightly.ts';
import {stackNotes} from '../under-test.ts';
import {countsInWords, disagreement, duration, presentIn, signs, verdictWords} from '../words.ts';
import {agreementList, faultList} from './faults.ts';
import {findingList, skippedList} from './findings.ts';
import {html, type Markup} from './markup.ts';
import {matrix} from './matrix.ts';
import {measured} from './measured.ts';
import {nightlySection} from './nightly.ts';
import {style} from './style.ts';
import {surroundings} from './surroundings.ts';
import {timing} from './timing.ts';

/** Returns the whole document. Links to evidence are relative to the run folder, so the page belongs there. */
export function htmlPage(summary: RunSummary): string {
	return [...pagePieces(summary)].join('');
}

/** Yields the same document in pieces. `advice`: sentences for the reader of the files. */
export function* pagePieces(
	summary: RunSummary,
	advice: readonly string[] = [],
	found = findings(summary),
	claims = tableOf(summary),
): Generator<string> {
	yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${answer(summary)} · swarmlab</title>
<link rel="icon" href="data:,">
<style>${{markup: style}}</style>
</head>
<body>
<main>
`.markup;
	const sections: Iterable<Markup>[] = [
		[head(summary, advice)],
		nightlySection(summary),
		matrix(summary, found, claims),
		findingList(found),
		agreementList(summary),
		skippedList(summary, found),
		faultList(summary),
		measured(summary),
		timing(summary),
		[surroundings(summary)],
	];
	for (const section of sections) {
		for (const {markup} of section) {
			yield markup;
		}

		yield '\n';
	}

	yield `</main>
</body>
</html>
`;
}

function head(summary: RunSummary, advice: readonly string[]): Markup {
	const {run, startedAt, seconds, host, command, counts, flaky, problems, nightly} = summary;
	const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
	return html`<header>
<p class="over">swarmlab · ${run}</p>
<h1>${nightly ? nightlySentence(nightly) : answer(summary)}</h1>
${nightly && html`<p>${answer(summary)}</p>`}
<p class="under">${startedAt === '' ? 'Nothing of this run was recorded' : `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${duration(seconds)}`}${host && html`, on ${host.hostname}${host.accelerator === 'none' ? '' : ` with ${host.accelerator}`}`}</p>
${command.length > 0 && html`<p class="command"><code>${command.join(' ')}</code></p>`}
<div class="bar" role="img" aria-label="${countsInWords(counts)}">${presentIn(counts).map(each => html`<i class="${each}" style="flex:${counts[each]} 0 ${100 / Math.max(1, all) / 10}%"></i>`)}</div>
<dl class="counts">${shownIn(counts).map(
		each =>
			html`<div class="${each}"><dt><b class="sign">${signs[each]}</b> ${verdictWords[each]}</dt><dd>${counts[each]}</dd><dd class="meaning">${meaning[each]}</dd></div>`,
	)}</dl>
${flaky > 0 && html`<p class="warn">${counted(flaky, 'claim is', 'claims are')} flaky: ${disagreement(flaky)}.</p>`}
${stackNotes(summary).map(each => html`<p class="warn">${each}</p>`)}
${problems.map(each => html`<p class="warn">The record: ${each}</p>`)}
${advice.map(each => html`<p class="warn">${each}</p>`)}
</header>`;
}

/** The usual verdicts always have a count; known failures only if there are some. */
function shownIn(counts: Counts): CaseVerdict[] {
	const all = ['passed', 'failed', 'known', 'broken', 'skipped'] as const;
	return all.filter(each => each !== 'known' || counts.known > 0);
}

const meaning: Record<CaseVerdict, string> = {
	passed: 'holds',
	failed: 'the product does not do it',
	known: 'the product does not do it, which is known',
	broken: 'the lab could not find out',
	skipped: 'cannot be tested here',
};

/** Returns the answer in one sentence. */
function answer({state, signal, counts, cells}: RunSummary): string {
	if (state !== 'finished') {
		return state === 'interrupted' ? `The run was interrupted (${signal})` : 'The run did not come to its end';
	}

	const bad = cells.filter(each => each.counts.failed > 0).length;
	if (counts.failed > 0) {
		return `${counted(counts.failed, 'claim does', 'claims do')} not hold, on ${bad} of ${counted(cells.length, 'cell')}`;
	}

	if (counts.broken > 0) {
		return `Nothing failed, but ${counted(counts.broken, 'claim')} could not be looked at`;
	}

	if (counts.known > 0) {
		return `What does not hold is known: ${counted(counts.known, 'failure')}`;
	}

	return counts.passed > 0 ? 'Every claim that could be tested holds' : 'Nothing was proven';
}
