import test from 'ava';
import fc from 'fast-check';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {jsonPieces} from './json.ts';

test('in pieces a summary is the same JSON, however far it is taken apart', t => {
	const summary = summarise(sampleRun());
	for (const depth of [0, 1, 2, 3, 4, 5, 6, 7]) {
		t.is([...jsonPieces(summary, depth)].join(''), JSON.stringify(summary, undefined, '\t'), `depth ${depth}`);
	}
});

test('in pieces any value is the same JSON', t => {
	fc.assert(
		fc.property(
			fc.anything({withDate: true}),
			fc.nat(6),
			(value, depth) =>
				value === undefined || [...jsonPieces(value, depth)].join('') === JSON.stringify(value, undefined, '\t'),
		),
		{numRuns: 500},
	);
	t.pass();
});
