/** The last lines of a run: what holds, what does not, why, and where to read more. Pure. */

import type {Cell} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import {exitCode} from '../harness/record/summary/exit-code.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {agreementHead, disagreeingCases} from './agreement.ts';
import {briefLines} from './diagnosis.ts';
import {findings} from './findings.ts';
import {changeGroups, nightlySentence, versionLines} from './nightly.ts';
import {seedText} from './order.ts';
import {type Colours, colourOf, plain} from './screen.ts';
import {stackNotes} from './under-test.ts';
import {countsInWords, disagreement, duration, signs, verdictWords} from './words.ts';

/**
 * Returns the lines. `folder` is the run folder, as the reader should type it. `advice`: sentences for the reader of the files.
 */
export function endingLines(
	summary: RunSummary,
	folder: string,
	colours: Colours,
	advice: readonly string[] = [],
): string[] {
	const found = findings(summary);
	const seed = seedText(summary);
	return [
		'',
		...found.flatMap(({title, verdict, reason, cells}) => [
			`${colourOf(verdict, colours)(`${signs[verdict]} ${verdictWords[verdict]}`)}  ${plain(title)}  ${colours.dim(where(cells, summary))}`,
			`    ${plain(reason.message)}`,
			...(reason.remedy ? [`    → ${plain(reason.remedy)}`] : []),
			...briefLines(reason.diagnosis).map(each => `    ${plain(each)}`),
		]),
		...(found.length > 0 ? [''] : []),
		...nightlyLines(summary, colours),
		`${colours.bold(countsInWords(summary.counts))}${extentInWords(summary)}`,
		...(summary.flaky > 0 ? [colours.yellow(`${summary.flaky} of them flaky: ${disagreement(summary.flaky)}`)] : []),
		...disagreeingCases(summary).map(({title, lines}) =>
			colours.yellow(plain(`${agreementHead}: ${title}: ${lines.join('; ')}`)),
		),
		...stackNotes(summary).map(each => colours.yellow(plain(each))),
		...summary.problems.map(each => colours.yellow(`record: ${plain(each)}`)),
		...[...summary.leftovers, ...summary.cells.flatMap(each => each.leftovers)].map(each =>
			colours.yellow(`left over: ${plain(`${each.what}: ${each.why}`)} → swarmlab gc`),
		),
		...advice.map(each => colours.yellow(plain(each))),
		'',
		`JUnit    ${folder}/junit.xml`,
		`Summary  ${folder}/index.html`,
		`Run      ${folder}`,
		...(seed ? [`Seed     ${seed}`] : []),
	];
}

/** Returns a run's counts and its exit code: `run ID: 3 passed, 1 failed on 1 cell in 2.1 s: exit code 1 of the run`. */
export function verdictLine(summary: RunSummary): string {
	const changed = summary.nightly ? `${plain(nightlySentence(summary.nightly))}; ` : '';
	return `run ${plain(summary.run)}: ${changed}${countsInWords(summary.counts)}${extentInWords(summary)}: exit code ${exitCode(summary)} of the run`;
}

/** Results of one change that the last lines show; the page has all. */
const shownChanges = 10;

function nightlyLines(summary: RunSummary, colours: Colours): string[] {
	const {nightly} = summary;
	if (!nightly) {
		return [];
	}

	const groups = changeGroups(summary).flatMap(({change, isRed, results}) => [
		...results
			.slice(0, shownChanges)
			.flatMap(({title, cell, says, cause}) => [
				`  ${(isRed ? colours.red : colours.yellow)(change)}  ${plain(title)}  ${colours.dim(plain(cell))}`,
				`    ${plain(says)}`,
				...(cause ? [`    ${colours.bold(plain(cause))}`] : []),
			]),
		...(results.length > shownChanges ? [`  ${results.length - shownChanges} more ${change}`] : []),
	]);
	return [
		colours.bold(plain(nightlySentence(nightly))),
		...groups,
		...versionLines(nightly).map(each => colours.dim(`  ${plain(each)}`)),
		...nightly.notices.map(each => colours.yellow(plain(each))),
		'',
	];
}

function extentInWords(summary: RunSummary): string {
	return ` on ${counted(summary.cells.length, 'cell')} in ${duration(summary.seconds)}${stateInWords(summary)}`;
}

function stateInWords({state, signal}: RunSummary): string {
	return {finished: '', interrupted: `, interrupted by ${signal}`, unfinished: ', not finished'}[state];
}

function where(cells: Cell[], summary: RunSummary): string {
	return cells.length > 1 && cells.length === summary.cells.length
		? 'on every cell'
		: cells.map(each => plain(each.id)).join(', ');
}
