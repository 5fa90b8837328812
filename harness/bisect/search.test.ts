import test from 'ava';
import fc from 'fast-check';
import {type Answer, afterwards, nextStep, type Point} from './search.ts';

const pointsOf = (ids: readonly string[]): Point[] =>
	ids.map(id => ({id, series: id.split('.').slice(0, 2).join('.')}));
const kernels = pointsOf([
	'5.10.1',
	'5.10.2',
	'5.10.3',
	'6.1.1',
	'6.1.2',
	'6.1.3',
	'6.1.4',
	'6.12.1',
	'6.12.2',
	'7.0.1',
]);

/** Asks until the end. Fails if something is measured twice. */
function run(points: readonly Point[], answer: (id: string) => Answer) {
	const answers = new Map<string, Answer>();
	for (;;) {
		const next = nextStep(points, answers);
		if (!('measure' in next)) {
			return {next, answers};
		}

		if (answers.has(next.measure)) {
			throw new Error(`${next.measure} is measured twice`);
		}

		answers.set(next.measure, answer(next.measure));
	}
}

test('the ends are measured first, then the last versions of releases, then those within one', t => {
	const {next, answers} = run(kernels, id =>
		['5.10.1', '5.10.2', '5.10.3', '6.1.1', '6.1.2'].includes(id) ? 'good' : 'bad',
	);
	t.deepEqual([...answers.keys()], ['5.10.1', '7.0.1', '6.1.4', '5.10.3', '6.1.2', '6.1.3']);
	t.deepEqual(next, {found: {good: '6.1.2', bad: '6.1.3', unknown: []}});
});

const ends: [good: Answer, bad: Answer, refused: string][] = [
	['bad', 'good', 'good and bad are exchanged'],
	['bad', 'bad', 'good is not good'],
	['bad', 'unknown', 'good is not good'],
	['good', 'good', 'bad is not bad'],
	['unknown', 'bad', 'good is not known'],
	['good', 'unknown', 'bad is not known'],
];
for (const [good, bad, refused] of ends) {
	test(`where the good end is ${good} and the bad end ${bad}, it is refused: ${refused}`, t => {
		const {next, answers} = run(kernels, id => (id === '5.10.1' ? good : bad));
		t.deepEqual(next, {refused});
		t.is(answers.size, 2);
	});
}

test('two versions are found at once', t => {
	t.deepEqual(run(pointsOf(['1.0', '2.0']), id => (id === '1.0' ? 'good' : 'bad')).next, {
		found: {good: '1.0', bad: '2.0', unknown: []},
	});
});

test('what cannot be decided is passed over, and named if it lies between the neighbours', t => {
	const answers: Record<string, Answer> = {'5.10.1': 'good', '7.0.1': 'bad'};
	const {next} = run(kernels, id => answers[id] ?? 'unknown');
	t.deepEqual(next, {found: {good: '5.10.1', bad: '7.0.1', unknown: kernels.slice(1, -1).map(({id}) => id)}});
});

test('for every place of the change and whatever cannot be decided: it is found, and between measured versions only', t => {
	const axis = fc
		.array(fc.tuple(fc.nat(5), fc.nat(9)), {minLength: 2, maxLength: 60})
		.map(all => [...new Set(all.map(([release, patch]) => `${release}.0.${patch}`))].sort())
		.filter(all => all.length >= 2);
	fc.assert(
		fc.property(axis, fc.nat(), fc.array(fc.nat()), (ids, place, hidden) => {
			const points = pointsOf(ids);
			const flip = 1 + (place % (ids.length - 1));
			const untold = new Set(hidden.map(each => each % ids.length).filter(each => each > 0 && each < ids.length - 1));
			const {next, answers} = run(points, id => {
				const index = ids.indexOf(id);
				return untold.has(index) ? 'unknown' : index < flip ? 'good' : 'bad';
			});
			t.true('found' in next);
			const {good, bad, unknown} = (next as {found: {good: string; bad: string; unknown: string[]}}).found;
			t.is(answers.get(good), 'good');
			t.is(answers.get(bad), 'bad');
			t.true(ids.indexOf(good) < flip && flip <= ids.indexOf(bad));
			t.deepEqual(unknown, ids.slice(ids.indexOf(good) + 1, ids.indexOf(bad)));
			t.true(unknown.every(id => answers.get(id) === 'unknown'));
			// Halving the releases, then those of one: never more than for both, besides the ends and what could not be decided.
			const most =
				2 + 2 * Math.ceil(Math.log2(ids.length + 1)) + [...answers.values()].filter(each => each === 'unknown').length;
			t.true(answers.size <= most, `${answers.size} of ${most}`);
		}),
		{numRuns: 500},
	);
});

test('whatever the answers are, a pair that is named was measured good and bad', t => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom<Answer>('good', 'bad', 'unknown'), {minLength: 2, maxLength: 40}), given => {
			const ids = given.map((_, index) => `${Math.floor(index / 4)}.0.${String(index).padStart(2, '0')}`);
			const {next, answers} = run(pointsOf(ids), id => given[ids.indexOf(id)]!);
			if ('found' in next) {
				t.is(answers.get(next.found.good), 'good');
				t.is(answers.get(next.found.bad), 'bad');
				t.true(next.found.unknown.every(id => answers.get(id) === 'unknown'));
			} else {
				t.true('refused' in next);
				t.false(given[0] === 'good' && given.at(-1) === 'bad');
			}
		}),
		{numRuns: 500},
	);
});

test('what is measured next is one of those that were said to come', t => {
	fc.assert(
		fc.property(fc.integer({min: 2, max: 30}), fc.nat(), (count, place) => {
			const ids = Array.from(
				{length: count},
				(_, index) => `${Math.floor(index / 3)}.0.${String(index).padStart(2, '0')}`,
			);
			const points = pointsOf(ids);
			const flip = 1 + (place % (count - 1));
			const answers = new Map<string, Answer>();
			for (let next = nextStep(points, answers); 'measure' in next; ) {
				const coming = afterwards(points, answers, next.measure);
				answers.set(next.measure, ids.indexOf(next.measure) < flip ? 'good' : 'bad');
				next = nextStep(points, answers);
				t.true(!('measure' in next) || coming.includes(next.measure));
			}
		}),
	);
});
