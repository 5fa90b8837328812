import test from 'ava';
import type {Engine, Kernel} from './cell.ts';
import {countsOf, membersIn, nodeNames, nodesOf, uniform} from './nodes.ts';

const kernel = {label: '6.1.1'} as Kernel;
const engine = {label: '26.1.5'} as Engine;
const nodes = nodesOf({managers: 2, workers: 2, memory: 1024, cpus: 1}, {kernel, engine});

test('the nodes of a topology are named by role, managers first, and are alike', t => {
	t.deepEqual(
		nodes.map(({name, role}) => `${name} ${role}`),
		['m1 manager', 'm2 manager', 'w1 worker', 'w2 worker'],
	);
	t.deepEqual(
		nodeNames({managers: 2, workers: 2}),
		nodes.map(({name}) => name),
	);
	t.deepEqual(countsOf({nodes}), {managers: 2, workers: 2, outsiders: 0});
	t.true(nodes.every(each => each.kernel === kernel && each.engine === engine && each.memory === 1024));
});

test('what all nodes have is reported once, and what differs is reported in full', t => {
	const [first, ...others] = nodes;
	const mixed = [first!, ...others.map(each => ({...each, engine: {...engine, label: '20.10.24'}}))];
	t.is(
		uniform({nodes}, each => each.engine.label),
		'26.1.5',
	);
	t.is(
		uniform({nodes: mixed}, each => each.engine.label),
		'26.1.5 (m1), 20.10.24 (m2, w1, w2)',
	);
	t.is(
		uniform({nodes: mixed}, each => each.kernel.label),
		'6.1.1',
	);
});

test('outsiders are nodes of the cell and no members of the swarm', t => {
	const topology = {managers: 1, workers: 1, outsiders: 2, memory: 16, cpus: 1};
	const all = nodesOf(topology, {kernel, engine});
	t.deepEqual(
		all.map(({name, role}) => `${name} ${role}`),
		['m1 manager', 'w1 worker', 'x1 outsider', 'x2 outsider'],
	);
	t.deepEqual(nodeNames(topology), ['m1', 'w1', 'x1', 'x2']);
	t.deepEqual(countsOf({nodes: all}), {managers: 1, workers: 1, outsiders: 2});
	t.deepEqual(
		membersIn(all).map(({name}) => name),
		['m1', 'w1'],
	);
});
