import test from 'ava';
import {UsageError} from '../errors.ts';
import {mixRemarks} from './mix.ts';
import {expandSpecs, resolveChoice} from './specs.ts';

const small = {managers: 1, workers: 1, memory: 1024, cpus: 1};
const usual = {...small, workers: 2};
const where = {what: 'an engine', where: '--docker'};
const mix = (...names: string[]) => [
	{named: Object.fromEntries(names.map(name => [name, {label: '20.10'}])), others: {label: '28.5'}},
];

test('a node that no topology has is refused, with the nearest', t => {
	const error = t.throws(() => mixRemarks(mix('m1', 'w3'), [small, usual], where), {instanceOf: UsageError});
	t.is(error.message, "--docker gives an engine to w3, and the nodes are m1, w1, w2. Did you mean 'w1'?");
});

test('a topology without a node of the mix is told', t => {
	t.deepEqual(mixRemarks(mix('m1', 'w2'), [small, usual], where), [
		'--docker gives an engine to w2: there is no cell of it with 1 + 1 machines.',
	]);
	t.deepEqual(mixRemarks(mix('m1'), [small, usual], where), []);
	t.deepEqual(mixRemarks([{label: '28.5'}], [small], where), []);
	// Only stacks are asked about.
	t.deepEqual(mixRemarks(mix('w9'), [], where), []);
});

test('nodes that no topology has together are refused', t => {
	const managers = {...small, managers: 3, workers: 0};
	t.throws(() => mixRemarks(mix('m3', 'w1'), [small, managers], where), {
		instanceOf: UsageError,
		message: '--docker gives an engine to m3, w1, and no topology has all of these nodes.',
	});
});

const expand = (spec: string) => (spec === '20.*' ? ['20.10', '20.04'] : [spec]);

test('nodes for which a mix has no spec have the usual one', t => {
	t.deepEqual(expandSpecs(['20.*', {m1: '28.5'}, {m1: '28.5', others: '26.1'}], expand, 'default'), [
		...['20.10', '20.04'],
		{m1: '28.5', others: 'default'},
		{m1: '28.5', others: '26.1'},
	]);
});

test('a node has one engine, so a series of several is refused', t => {
	const error = t.throws(() => expandSpecs([{m1: '20.*'}], expand, 'default'), {instanceOf: UsageError});
	t.is(error.message, 'm1=20.* means 20.10, 20.04, and a node has one of them.');
	t.is(error.remedy, 'Write one: m1=20.10');
});

test('every spec of a mix that is not to be had is told at once', async t => {
	const error = await t.throwsAsync(
		resolveChoice({m1: '1', w1: '2', others: '28.5'}, async spec => {
			if (spec !== '28.5') {
				throw new UsageError(`There is no ${spec}.`);
			}

			return {label: spec};
		}),
		{instanceOf: UsageError},
	);
	t.regex(error.message, /There is no 1\.[\s\S]*There is no 2\./);
});
