import test from 'ava';
import fc from 'fast-check';
import type {PlannedScenario} from '../../model/index.ts';
import {isWanted} from '../../record/wanted.ts';
import {type AvaStartsRequest, avaStartsOf, inOrder} from './order.ts';

const scenarios: PlannedScenario[] = ['a', 'b', 'c'].flatMap(name =>
	[1, 2, 3, 4].map(number => ({title: `claim ${number}`, file: `scenarios/${name}.ts`})),
);
const files = ['a', 'b', 'c'].map(name => `/p/scenarios/${name}.ts`);
const names = (claims: readonly PlannedScenario[]) => claims.map(({file, title}) => `${file.at(-4)}${title.at(-1)}`);

test('the same seed gives the same order, another seed another one, and so does the next repetition', t => {
	const order = (seed: number, repetition = 1) => names(inOrder(scenarios, {seed, repetition}));
	t.deepEqual(order(7), order(7));
	t.notDeepEqual(order(7), order(8));
	t.notDeepEqual(order(7), order(7, 2));
	t.deepEqual(order(7).sort(), names(scenarios).sort());
	// Not a shuffle that changes with the next version by accident.
	t.is(order(7).join(' '), 'a4 a1 a3 c2 b1 c1 a2 b4 c4 b2 c3 b3');
});

test('it goes across files and within them', t => {
	const orders = Array.from({length: 50}, (_, seed) => names(inOrder(scenarios, {seed, repetition: 1})));
	t.true(orders.some(order => order.indexOf('a4') < order.indexOf('a1')));
	t.true(orders.some(order => order.indexOf('c1') < order.indexOf('a1')));
	t.is(new Set(orders.map(String)).size, 50);
	// Each scenario comes first at some time.
	const many = Array.from({length: 500}, (_, seed) => inOrder(scenarios, {seed, repetition: 1})[0]!);
	t.is(new Set(names(many)).size, scenarios.length);
});

test('of fewer scenarios each keeps its place among the others, in whichever order they were announced', t => {
	const all = names(inOrder(scenarios, {seed: 3, repetition: 2}));
	const few = scenarios.filter((_, index) => index % 3 !== 0).reverse();
	t.deepEqual(
		names(inOrder(few, {seed: 3, repetition: 2})),
		all.filter(name => names(few).includes(name)),
	);
});

test('exercises stay together and in the order of their tree: one process runs them all', t => {
	const exercises = ['volumes', 'floating_ips', 'boot'].map(
		(title): PlannedScenario => ({title, file: 'scenarios/devstack/exercises.ts', stack: {exercise: title}}),
	);
	for (let seed = 0; seed < 20; seed++) {
		const order = inOrder([...exercises, ...scenarios], {seed, repetition: 1});
		const at = order.indexOf(exercises[0]!);
		t.deepEqual(order.slice(at, at + 3), exercises);
	}
});

/** What is proven, in order: AVA runs the files of a step one after the other, and of a file what it registers. */
function proven(request: Omit<AvaStartsRequest, 'workspace'>, held: readonly PlannedScenario[]): PlannedScenario[] {
	return avaStartsOf({...request, workspace: '/p'}).flatMap(({files, only}) =>
		files.flatMap(file => held.filter(each => `/p/${each.file}` === file && isWanted(each, {filter: [], only}))),
	);
}

test('the steps prove everything once and in the order', t => {
	fc.assert(
		fc.property(fc.shuffledSubarray(scenarios, {minLength: 1}), fc.boolean(), (order, whole) => {
			const own = files.filter(file => order.some(each => `/p/${each.file}` === file));
			const announced = scenarios.filter(each => order.includes(each));
			t.deepEqual(names(proven({files: own, announced, order, whole}, announced)), names(order));
		}),
	);
});

test('a step has each file once', t => {
	fc.assert(
		fc.property(fc.shuffledSubarray(scenarios, {minLength: 1}), order => {
			for (const step of avaStartsOf({files, announced: scenarios, order, whole: false, workspace: '/p'})) {
				t.is(new Set(step.files).size, step.files.length);
			}
		}),
	);
	const [first, ...others] = avaStartsOf({
		files,
		announced: scenarios,
		order: scenarios,
		whole: false,
		workspace: '/p',
	});
	t.deepEqual(first!.files, files);
	t.deepEqual(others, []);
});

test('what was not announced is proven once as well: with the last of its file, or at the end', t => {
	const late = [
		{title: 'only here when it is proven', file: 'scenarios/a.ts'},
		{title: 'of a file that announced nothing', file: 'scenarios/silent.ts'},
	];
	const held = [...scenarios, ...late];
	for (let seed = 0; seed < 20; seed++) {
		const order = inOrder(scenarios, {seed, repetition: 1});
		const request = {files: ['/p/scenarios/silent.ts', ...files], announced: scenarios, order};
		const all = proven({...request, whole: true}, held);
		t.deepEqual(
			all.filter(each => scenarios.includes(each)),
			order,
		);
		t.deepEqual(
			all.filter(each => late.includes(each)).map(({title}) => title),
			late.map(({title}) => title),
		);
	}

	// In a group that is a part of its files the rest is for others.
	const part = scenarios.slice(0, 3);
	t.deepEqual(proven({files: files.slice(0, 1), announced: part, order: part, whole: false}, held), part);
});
