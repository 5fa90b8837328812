import test from 'ava';
import fc from 'fast-check';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {tableOf} from './findings.ts';
import {oneLine} from './names.ts';
import {legible} from './xml.ts';

const titles = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), {maxLength: 6});

test('the table of claims finds in each cell the first case of each title, in whatever order the cells have them', t => {
	fc.assert(
		fc.property(fc.array(titles, {maxLength: 4}), all => {
			const cells = all.map(those => ({cases: those.map(title => ({title}))}));
			const table = tableOf({cells} as unknown as RunSummary);
			t.deepEqual(table.titles, [...new Set(all.flat())]);
			for (const [row, title] of table.titles.entries()) {
				for (const [index, {cases}] of cells.entries()) {
					t.is(
						table.at(row, index) as unknown,
						cases.find(each => each.title === title),
					);
				}
			}
		}),
		{numRuns: 400},
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
