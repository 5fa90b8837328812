import test from 'ava';
import fc from 'fast-check';
import {asLines, cells, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {findings, tableOf} from './findings.ts';
import {oneLine} from './names.ts';
import {legible} from './xml.ts';

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {maxLength: 4});

test('the table of claims finds in each cell the case of each claim, in whatever order the cells have them', t => {
	fc.assert(
		fc.property(fc.array(ids, {maxLength: 4}), all => {
			const cells = all.map(those => ({cases: those.map(id => ({id}))}));
			const table = tableOf({cells} as unknown as RunSummary);
			t.deepEqual(
				table.rows.map(({id}) => id),
				[...new Set(all.flat())],
			);
			for (const [row, {id}] of table.rows.entries()) {
				for (const [index, {cases}] of cells.entries()) {
					t.is(
						table.at(row, index) as unknown,
						cases.find(each => each.id === id),
					);
				}
			}
		}),
		{numRuns: 400},
	);
});

test('the same reason on several cells is one finding, and another detail of it is another', t => {
	const start = sampleRun()[0]!;
	const title = 'a claim';
	const results = ['none', 'none', 'one', 'none', 'one'].map((detail, index) => {
		const cell = {...cells[0]!, id: `cell-${index}`};
		const reason = {message: 'no answer', type: 'Error', details: `seen: ${detail}\uD800`};
		const about = {title, file: 'a.ts', repetition: 1, verdict: 'failed', startedAt: '', seconds: 1};
		return {cell, result: {cell: cell.id, ...about, reason, metrics: {}, evidence: [`${index}.txt`], log: []}};
	});
	const lines = [
		{...start, cells: results.map(({cell}) => cell), scenarios: [{title, file: 'a.ts'}]},
		...results.flatMap(({cell, result}) => [
			{at: start.at, event: 'cell-stage', cell: cell.id, stage: 'scenarios'},
			{at: start.at, event: 'result', result},
			{at: start.at, event: 'cell-finished', cell: cell.id, outcome: {state: 'tested'}, seconds: 1},
		]),
	];
	const {events, problems} = parseRecord(asLines(lines as never));
	const found = findings(summarise(events, problems)).filter(each => each.title === title);
	t.deepEqual(
		found.map(({reason, cells: on, evidence}) => [reason.details, on.map(({id}) => id), evidence]),
		[
			['seen: none\uD800', ['cell-0', 'cell-1', 'cell-3'], ['0.txt', '1.txt', '3.txt']],
			['seen: one\uD800', ['cell-2', 'cell-4'], ['2.txt', '4.txt']],
		],
	);
});

test('a text on one line has no white space but single blanks within it', t => {
	const piece = fc.constantFrom(' ', '  ', '\t', '\n', '\u00A0', '\uFEFF', '\u2028', 'a', 'é', '\u001B[0m');
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 8}), pieces => {
			const text = pieces.join('');
			return oneLine(text) === legible(text).replaceAll(/\s+/g, ' ').trim();
		}),
		{numRuns: 2000},
	);
	t.pass();
});
