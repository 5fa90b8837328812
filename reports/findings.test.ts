import test from 'ava';
import fc from 'fast-check';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {tableOf} from './findings.ts';
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
