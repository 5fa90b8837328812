import test from 'ava';
import fc from 'fast-check';
import type {Verdict} from '../../model/index.ts';
import {keptTries, type Try} from './tries.ts';

const text = fc.oneof(
	fc.string({unit: 'binary', maxLength: 30}),
	// Half a surrogate pair, which UTF-8 has no bytes for.
	fc.constantFrom('\uD800', 'a\uDFFFb', '🐳', '\0', ''),
);
const number = fc.oneof(fc.double(), fc.constantFrom(-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
const anyTry: fc.Arbitrary<Try> = fc
	.record(
		{
			verdict: fc.constantFrom<Verdict>('passed', 'failed', 'broken', 'skipped'),
			repetition: fc.integer(),
			seconds: number,
			startedAt: text,
			file: text,
			line: number,
			log: fc.array(text, {maxLength: 3}),
			metrics: fc.dictionary(fc.string(), number, {maxKeys: 3}),
			evidence: fc.array(text, {maxLength: 3}),
			origin: fc.constantFrom('booted', 'cloned') as never,
			reason: fc.record(
				{message: text, type: text, details: text, remedy: text},
				{requiredKeys: ['message', 'type', 'details']},
			),
		},
		{requiredKeys: ['verdict', 'repetition', 'seconds', 'startedAt', 'file', 'log', 'metrics', 'evidence']},
	)
	// As JSON.parse makes them, without a prototype of their own.
	.map(each => ({...each, metrics: Object.fromEntries(Object.entries(each.metrics))}) as Try);

test('every try comes back as it was, and those of a claim in their order', t => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat(2), anyTry), {maxLength: 12}), all => {
			const kept = keptTries();
			const last = new Map<number, number>();
			for (const [claim, one] of all) {
				last.set(claim, kept.keep(one, last.get(claim)));
			}

			for (const claim of [0, 1, 2]) {
				const tries = kept.upTo(last.get(claim));
				t.deepEqual(
					tries.map(({place}) => kept.detailsAt(place)),
					tries.map(({reason}) => reason?.details ?? ''),
				);
				const back = tries.map(({place: _, ...each}) => each);
				t.deepEqual(
					back,
					all.filter(([of]) => of === claim).map(([, each]) => each),
				);
			}
		}),
		{numRuns: 150},
	);
});

test('a try that is longer than a page stands between others', t => {
	const kept = keptTries();
	const one = {
		verdict: 'passed',
		repetition: 1,
		seconds: 1,
		startedAt: '',
		file: '',
		metrics: {},
		evidence: [],
	} as const;
	const logs = ['a', 'é'.repeat(1_100_000), 'b', 'x'.repeat(600_000), 'y'.repeat(600_000), 'c'].map(each => [each]);
	const places = logs.map(log => kept.keep({...one, evidence: [], log}));
	t.true(places.every((place, index) => kept.at(place).log[0] === logs[index]![0]));
});

test('a text that is in memory is not made again', t => {
	const kept = keptTries();
	const one = {
		...{verdict: 'failed', repetition: 1, seconds: 1, startedAt: '', file: 'a', metrics: {}, log: [], evidence: []},
		reason: {message: 'no', type: 'Error', details: 'no'},
	} as const;
	t.is(kept.shared('a title'), 'a title');
	const [first, second] = [kept.keep(one as never), kept.keep(one as never)].map(each => kept.at(each));
	t.deepEqual(first!.reason, second!.reason);
	t.is(first!.evidence, second!.evidence);
	t.is(first!.metrics, second!.metrics);
});
