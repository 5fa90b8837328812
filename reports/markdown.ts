/** Writes a run for people: to read in a CI's step summary and to paste into an issue. */
import type {Cell} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import {noCounts, type RunSummary} from '../harness/record/summary/summary.ts';
import {agreementHead, disagreeingCases} from './agreement.ts';
import {faultyCases} from './faults.ts';
import {type Finding, findings, measurements, notLookedAt, slowestOf, type Table, tableOf} from './findings.ts';
import {code, table, tableLines, words} from './gfm.ts';
import {labels} from './labels.ts';
import {finding} from './markdown-finding.ts';
import {nightlyBlocks} from './markdown-nightly.ts';
import {surroundings} from './markdown-surroundings.ts';
import {nightlySentence} from './nightly.ts';
import {stackNotes} from './under-test.ts';
import {countsInWords, disagreement, duration, legend, measured, signs} from './words.ts';

/** Returns the whole summary. It ends in a line end. */
export function markdown(summary: RunSummary): string {
	return [...markdownPieces(summary)].join('');
}

/** Yields the same text in pieces. `advice`: sentences for the reader of the files. */
export function* markdownPieces(
	summary: RunSummary,
	advice: readonly string[] = [],
	found = findings(summary),
	claims = tableOf(summary),
): Generator<string> {
	const sections = [
		headline(summary, advice),
		nightlyBlocks(summary),
		matrix(summary, claims),
		red(found),
		claimList(agreementHead, disagreeingCases(summary)),
		skipped(found, summary),
		claimList('Faults that were on', faultyCases(summary)),
		metrics(summary),
		slowest(summary),
		surroundings(summary),
	];
	let first = true;
	for (const blocks of sections) {
		for (const block of blocks) {
			yield first || block.startsWith('\n') ? block : `\n\n${block}`;
			first = false;
		}
	}

	yield '\n';
}

/** Yields lines as one block. A piece that starts with a line end continues the block before it. */
function* asBlock(lines: Iterable<string>): Generator<string> {
	let start = '';
	for (const line of lines) {
		yield `${start}${line}`;
		start = '\n';
	}
}

function headline(summary: RunSummary, advice: readonly string[]): string[] {
	const {state, signal, run, command, seconds, startedAt, flaky, problems, nightly} = summary;
	const ended = {
		finished: '',
		interrupted: ` The run was interrupted (${signal}).`,
		unfinished: ' **The run did not come to its end.**',
	}[state];
	return [
		`# swarmlab: ${nightly ? `${words(nightlySentence(nightly))}; ` : ''}${countsInWords(summary.counts)}`,
		startedAt === ''
			? `Nothing of this run was recorded.${ended}`
			: `Run ${code(run)}, ${words(startedAt)}, ${duration(seconds)}: ${code(command.join(' ')) || 'started by hand'}.${ended}`,
		...(flaky > 0 ? [`**${flaky} flaky**: ${disagreement(flaky)}.`] : []),
		...stackNotes(summary).map(each => `> ${words(each)}`),
		...problems.map(each => `> Record: ${words(each)}`),
		...advice.map(each => `> ${words(each)}`),
	];
}

function columnsOf({cells}: RunSummary): string[] {
	return labels(cells.map(each => each.cell)).map(({kernel, engine, more}) =>
		[kernel, engine, more].filter(Boolean).map(words).join('<br>'),
	);
}

function* matrix(summary: RunSummary, claims: Table): Generator<string> {
	if (summary.cells.length === 0) {
		return;
	}

	const columns = columnsOf(summary);
	const rows = function* () {
		for (const [row, {title}] of claims.rows.entries()) {
			yield [
				words(title),
				...columns.map((_, cell) => {
					const found = claims.at(row, cell);
					const {passed, failed, broken, skipped} = found?.repetitions ?? noCounts();
					const share =
						passed + failed + broken + skipped > 1 ? ` ${passed}/${passed + failed + broken + skipped}` : '';
					return found ? `${signs[found.verdict]}${share}` : '';
				}),
			];
		}
	};

	yield '## What holds where';
	yield* asBlock(tableLines(['kernel<br>engine', ...columns], rows(), [':--', ...columns.map(() => ':-:')]));
	yield `${legend}. A share such as 2/3 counts repetitions that passed.`;
}

function* red(found: Finding[]): Generator<string> {
	const those = found.filter(each => each.verdict !== 'skipped');
	if (those.length > 0) {
		yield '## What does not hold';
	}

	for (const each of those) {
		yield finding(each);
	}
}

function skipped(all: Finding[], summary: RunSummary): string[] {
	const found = all.filter(each => each.verdict === 'skipped');
	const others = notLookedAt(summary);
	const lines = [
		...found.map(
			({title, reason, cells}) =>
				`- – ${words(title)}: ${words(reason.message)} (on ${cells.length === summary.cells.length ? 'every cell' : cells.map(each => code(each.id)).join(', ')})`,
		),
		...(others > 0 ? [`- – ${counted(others, 'scenario')} on cells that were not there to prove them on.`] : []),
	];
	return lines.length === 0 ? [] : ['## Skipped', lines.join('\n')];
}

function claimList(head: string, claims: {title: string; cell: Cell; lines: string[]}[]): string[] {
	const lines = claims.map(({title, cell, lines}) =>
		[`- ${words(title)} (${code(cell.id)})`, ...lines.map(line => `  - ${words(line)}`)].join('\n'),
	);
	return lines.length === 0 ? [] : [`## ${head}`, lines.join('\n')];
}

function* metrics(summary: RunSummary): Generator<string> {
	const rows = measurements(summary);
	if (rows.length === 0) {
		return;
	}

	const columns = columnsOf(summary);
	const lines = function* () {
		for (const {name, title, values} of rows) {
			yield [
				title === '' ? words(name) : `${words(name)}<br><sub>${words(title)}</sub>`,
				...values.map(each => (each === undefined ? '' : measured(each))),
			];
		}
	};

	yield '## Measured';
	yield* asBlock(tableLines(['', ...columns], lines(), [':--', ...columns.map(() => '--:')]));
	yield 'Seconds, unless the name says otherwise; the median where there are repetitions.';
}

function slowest(summary: RunSummary): string[] {
	const top = slowestOf(summary);
	return top.length === 0
		? []
		: [
				'## Slowest',
				table(
					[['', 'cell', 'time'], ...top.map(each => [words(each.title), code(each.cell.id), duration(each.seconds)])],
					[':--', ':--', '--:'],
				),
			];
}
