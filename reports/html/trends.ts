/** What claims came to over the runs, as one page: kernels × engines for each claim. Without scripts and external files. */
import type {PastPoint, Strip} from '../../harness/history/history.ts';
import {counted} from '../../harness/record/counted.ts';
import type {CaseVerdict} from '../../harness/record/summary/summary.ts';
import {legend, signs, verdictWords} from '../words.ts';
import {html, type Markup} from './markup.ts';
import {style} from './style.ts';
import {plots} from './trend-plots.ts';
import {trendStyle} from './trend-style.ts';

/** Runs that a row of bars shows; the counts are of all. */
const shownRuns = 60;

/** Yields the document in pieces. */
export function* trendPieces(strips: readonly Strip[]): Generator<string> {
	const claims = [...Map.groupBy(strips, ({file, title}) => `${file}\n${title}`).values()];
	const cells = new Set(strips.map(({cell}) => cell)).size;
	const points = strips.flatMap(each => each.points);
	const runs = new Set(points.map(({folder}) => folder)).size;
	const days = points.map(dayOf).filter(Boolean).sort();
	const head = `${counted(claims.length, 'claim')} on ${counted(cells, 'cell')} in ${counted(runs, 'run')}`;
	yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${head} · swarmlab</title>
<link rel="icon" href="data:,">
<style>${{markup: style + trendStyle}}</style>
</head>
<body>
<main>
<header>
<p class="over">swarmlab · history</p>
<h1>${head}</h1>
<p class="under">${days.length > 0 && html`${span(days[0]!, days.at(-1)!)}. `}${counted(points.length, 'result')}.</p>
<p class="note">In a field: the verdict of the newest run, how many of the runs that proved the claim passed, and a bar for each run, the newest at the right; the higher, the worse. ${legend}. A claim that did not pass in its newest run is open.</p>
</header>
`.markup;
	for (const each of claims) {
		yield claim(each).markup;
	}

	yield `</main>
</body>
</html>
`;
}

function claim(strips: Strip[]): Markup {
	const {file, title} = strips[0]!;
	const newest = strips.map(each => each.points.at(-1)!.verdict);
	const worst = severity.find(each => newest.includes(each)) ?? 'passed';
	return html`<details class="trend"${{markup: worst === 'passed' || worst === 'skipped' ? '' : ' open'}}>
<summary><b class="sign ${worst}" role="img" aria-label="${verdictWords[worst]}">${signs[worst]}</b> <span class="claim">${title}</span> <small>${file}</small></summary>
${heatMap(strips)}
${plots(strips)}
</details>
`;
}

/** The worst first: what a claim shows if its cells differ. */
const severity: CaseVerdict[] = ['failed', 'broken', 'known', 'passed', 'skipped'];

function heatMap(strips: Strip[]): Markup {
	const kernels = sorted(strips.map(({kernel}) => kernel));
	const engines = sorted(strips.map(({engine}) => engine));
	return html`<div class="wide" tabindex="0" role="region" aria-label="Kernels and engines: ${strips[0]!.title}"><table class="matrix">
<thead><tr><th scope="col" class="corner">kernel</th>${engines.map(each => html`<th scope="col">${each}</th>`)}</tr></thead>
<tbody>${kernels.map(
		kernel => html`<tr><th scope="row">${kernel}</th>${engines.map(engine => {
			const those = strips.filter(each => each.kernel === kernel && each.engine === engine);
			return html`<td>${those.map(each => field(each, those.length > 1))}</td>`;
		})}</tr>
`,
	)}</tbody>
</table></div>`;
}

/** Kernels and engines by their numbers: 5.10 comes before 6.1. */
function sorted(versions: string[]): string[] {
	return [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
}

function field({cell, points}: Strip, several: boolean): Markup {
	const last = points.at(-1)!;
	const passed = points.filter(({verdict}) => verdict === 'passed').length;
	const proven = points.filter(({verdict}) => verdict !== 'skipped' && verdict !== 'broken').length;
	const reason = last.message === '' ? '' : `: ${last.message}`;
	return html`<div class="field" title="${cell}${reason}"><span class="box ${last.verdict}"><b class="sign" role="img" aria-label="${verdictWords[last.verdict]}">${signs[last.verdict]}</b><small>${passed}/${proven}</small></span>${bars(points.slice(-shownRuns))}${several && html`<small class="cell">${cell}</small>`}</div>`;
}

/** Each verdict has its own height besides its colour. */
const heights: Record<CaseVerdict, number> = {passed: 4, skipped: 2, known: 8, broken: 11, failed: 14};

/** One path for each verdict: an element for each run would make a page of ten thousand results slow. */
function bars(points: readonly PastPoint[]): Markup {
	const of = Map.groupBy(
		points.map(({verdict}, index) => ({verdict, index})),
		({verdict}) => verdict,
	);
	const counts = [...of].map(([verdict, those]) => `${those.length} ${verdictWords[verdict]}`);
	const from = span(dayOf(points[0]!), dayOf(points.at(-1)!));
	const label = `${counted(points.length, 'run')}${from && `, ${from}`}: ${counts.join(', ')}`;
	return html`<svg class="runs" width="${points.length * 5}" height="14" viewBox="0 0 ${points.length * 5} 14" role="img" aria-label="${label}">${[
		...of,
	].map(
		([verdict, those]) =>
			html`<path class="${verdict}" d="${those.map(({index}) => `M${index * 5} 14v-${heights[verdict]}h4v${heights[verdict]}z`).join('')}"/>`,
	)}</svg>`;
}

function dayOf({startedAt}: PastPoint): string {
	return startedAt.slice(0, 10);
}

function span(first: string, last: string): string {
	return first === last ? first : `${first} to ${last}`;
}
