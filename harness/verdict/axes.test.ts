/** Which axis: every outcome, by a world in which it is known what makes a claim fail. */
import test from 'ava';
import type {Axis, AxisPoint} from '../model/index.ts';
import {conclude, mostPoints, nextPoint} from './axes.ts';

const all: Axis[] = ['engine', 'kernel', 'variant'];
const point = (now: Axis[], failed: number, passed: number, undecided = 0): AxisPoint => ({
	...{now, failed, passed, undecided, seconds: 1},
});

/** Tries points until no more are wanted, in a world where a claim fails with these axes. */
function look(axes: Axis[], fails: (now: readonly Axis[]) => 'fails' | 'passes' | 'mixed' | 'unknown') {
	const made = (now: Axis[]) =>
		({
			fails: point(now, 3, 0),
			passes: point(now, 0, 3),
			mixed: point(now, 2, 3),
			unknown: point(now, 0, 0, 3),
		})[fails(now)];
	const points = [point(axes, 3, 0)];
	for (let next = nextPoint(axes, points); next; next = nextPoint(axes, points)) {
		points.push(made(next));
		if (points.length > 20) {
			throw new Error('it does not end');
		}
	}

	return {...conclude(axes, points), tried: points.slice(1).map(({now}) => now.join('+'))};
}

const needs =
	(...those: Axis[]) =>
	(now: readonly Axis[]) =>
		those.every(axis => now.includes(axis)) ? ('fails' as const) : ('passes' as const);

test('one axis: only what the baseline had is tried again', t => {
	t.deepEqual(look(['engine'], needs('engine')), {
		axes: ['engine'],
		sentence: 'The engine: with it as now it fails 3 of 3 (44–100 %), with it as in the baseline 0 of 3 (0–56 %)',
		tried: [''],
	});
});

test('of several axes the one that does it alone is found, and nothing more is tried then', t => {
	t.deepEqual(look(all, needs('kernel')), {
		axes: ['kernel'],
		sentence:
			'The kernel: with it alone as now it fails 3 of 3 (44–100 %), with all as in the baseline 0 of 3 (0–56 %)',
		tried: ['', 'engine', 'kernel'],
	});
});

test('two that do it only together are found, and all three', t => {
	const {axes, sentence, tried} = look(all, needs('engine', 'variant'));
	t.deepEqual(axes, ['engine', 'variant']);
	t.regex(sentence, /^The engine and variant together: with them and nothing else as now it fails 3 of 3/);
	t.deepEqual(tried, ['', 'engine', 'kernel', 'variant', 'engine+kernel', 'engine+variant']);
	t.deepEqual(look(all, needs(...all)).axes, all);
	t.deepEqual(look(['engine', 'kernel'], needs('engine', 'kernel')).axes, ['engine', 'kernel']);
});

test('for every cause the answer is that cause', t => {
	for (let choice = 1; choice < 8; choice++) {
		const those = all.filter((_, index) => (choice >> index) & 1);
		const {axes, tried} = look(all, needs(...those));
		t.deepEqual(axes, those);
		t.true(tried.length <= mostPoints);
	}
});

test('if the baseline fails here, too, it is none of them', t => {
	const {axes, sentence, tried} = look(all, () => 'fails');
	t.deepEqual(axes, []);
	t.regex(sentence, /^None of engine, kernel and variant: .* fails here, too, 3 of 3 .*: the host has changed/);
	t.deepEqual(tried, ['']);
});

test('a claim that is flaky at a point has no cause', t => {
	t.like(
		look(all, () => 'mixed'),
		{axes: [], tried: ['']},
	);
	t.regex(look(all, () => 'mixed').sentence, /^It is flaky: with .* as in the baseline it fails 2 of 5/);
	const flaky = look(all, now => (now.length === 0 ? 'passes' : 'mixed'));
	t.deepEqual(flaky.axes, []);
	t.regex(flaky.sentence, /^It is flaky: with engine as now it fails 2 of 5/);
});

test('what cannot be tried decides nothing', t => {
	const {axes, tried} = look(all, () => 'unknown');
	t.deepEqual([axes, tried], [[], ['']]);
	t.regex(
		conclude(all, [point(all, 3, 0), point([], 0, 0, 3)], 'no such package').sentence,
		/^It could not be told: .* \(no such package\)$/,
	);
	const engineUnknown = look(all, now =>
		now.length === 0 ? 'passes' : now[0] === 'engine' ? 'unknown' : needs('kernel')(now),
	);
	t.deepEqual(engineUnknown.axes, []);
	t.regex(engineUnknown.sentence, /^It could not be told which of engine, kernel and variant/);
});

test('if nothing differs, nothing is tried', t => {
	t.deepEqual(conclude([], [point([], 3, 0)]).axes, []);
	t.regex(conclude([], []).sentence, /^Nothing that is under test differs/);
});
