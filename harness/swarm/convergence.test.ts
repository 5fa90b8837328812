import test from 'ava';
import {lacksOf, questionsFor} from './convergence.ts';
import type {NodeSight} from './sight.ts';
import type {Wanted} from './wanted.ts';

const net = 'net456789012345678901234x';
const ingress = 'ing456789012345678901234x';

/** Two web tasks on m1 and w1, a client without a virtual address on w2; all nodes are asked. */
const wanted: Wanted = {
	services: [
		{
			id: 'web-id',
			name: 'web',
			virtual: {[net]: '10.200.1.2', [ingress]: '10.200.0.5'},
			networks: [net],
			ports: [
				{published: 8080, protocol: 'tcp', mode: 'ingress'},
				{published: 8082, protocol: 'tcp', mode: 'host'},
			],
		},
		{id: 'client-id', name: 'client', virtual: {}, networks: [net], ports: []},
	],
	tasks: [
		{service: 'web-id', node: 'm1', addresses: {[net]: '10.200.1.3', [ingress]: '10.200.0.6'}, pid: 11},
		{service: 'web-id', node: 'w1', addresses: {[net]: '10.200.1.4', [ingress]: '10.200.0.7'}, pid: 12},
		{service: 'client-id', node: 'w2', addresses: {[net]: '10.200.1.9'}, pid: 13},
	],
	nodes: ['m1', 'w1', 'w2'].map(name => ({name, engine: '20.10.24+dfsg1'})),
	ingress,
};
const scope = {networks: [net], services: ['web-id']};

const ends: Record<string, {own: string; mesh: string; task: string[]; meshTask: string[]}> = {
	m1: {own: '10.200.1.5', mesh: '10.200.0.2', task: ['10.200.1.3'], meshTask: ['10.200.0.6']},
	w1: {own: '10.200.1.6', mesh: '10.200.0.3', task: ['10.200.1.4'], meshTask: ['10.200.0.7']},
	w2: {own: '10.200.1.7', mesh: '10.200.0.4', task: ['10.200.1.9'], meshTask: []},
};

/** A node that has everything. Each test takes something away. */
function whole(node: string): NodeSight {
	const others = Object.entries(ends).filter(([name]) => name !== node);
	return {
		balancers: new Map([
			[
				net.slice(0, 9),
				{
					backends: new Map([[258, ['10.200.1.4', '10.200.1.3']]]),
					marksByAddress: new Map([['10.200.1.2', 258]]),
					marksByPort: new Map(),
					end: ends[node]!.own,
				},
			],
			[
				'ingress',
				{
					backends: new Map([[257, ['10.200.0.6', '10.200.0.7']]]),
					marksByAddress: new Map([['10.200.0.5', 257]]),
					marksByPort: new Map([['tcp 8080', 257]]),
					end: ends[node]!.mesh,
				},
			],
		]),
		overlays: new Map([
			[net.slice(0, 10), {forwarded: new Set(others.flatMap(([, {own, task}]) => [own, ...task]))}],
			[ingress.slice(0, 10), {forwarded: new Set(others.flatMap(([, {mesh, meshTask}]) => [mesh, ...meshTask]))}],
		]),
		meshRules: new Set(['tcp 8080']),
		hostRules: new Set(node === 'w2' ? [] : ['tcp 8082']),
		listening: new Set(['tcp 8080', 'tcp 22']),
		names: new Map([
			[
				net,
				new Map([
					['web', ['10.200.1.2']],
					['tasks.web', ['10.200.1.4', '10.200.1.3']],
					['client', ['10.200.1.9']],
					['tasks.client', ['10.200.1.9']],
				]),
			],
		]),
		dead: new Set(),
	};
}

function sights(spoil: (w2: NodeSight, all: Map<string, NodeSight>) => void = () => {}): Map<string, NodeSight> {
	const all = new Map(['m1', 'w1', 'w2'].map(name => [name, whole(name)]));
	spoil(all.get('w2')!, all);
	return all;
}

test('nodes that have what the managers say lack nothing', t => {
	t.deepEqual(lacksOf(wanted, sights(), scope), []);
});

const overlay = (sight: NodeSight) => sight.balancers.get(net.slice(0, 9))!;
const mesh = (sight: NodeSight) => sight.balancers.get('ingress')!;
const rows: Array<[string, (w2: NodeSight, all: Map<string, NodeSight>) => void, string[]]> = [
	[
		'a backend is missing',
		w2 => overlay(w2).backends.set(258, ['10.200.1.3']),
		['w2: the balancer of web (10.200.1.2) leads to 10.200.1.3 and not to 10.200.1.3, 10.200.1.4'],
	],
	[
		'a backend is stale',
		w2 => overlay(w2).backends.get(258)!.push('10.200.1.250'),
		[
			'w2: the balancer of web (10.200.1.2) leads to 10.200.1.3, 10.200.1.4, 10.200.1.250 and not to 10.200.1.3, 10.200.1.4',
		],
	],
	[
		'a virtual address has no mark',
		w2 => overlay(w2).marksByAddress.clear(),
		['w2: the balancer of web (10.200.1.2) leads to nothing and not to 10.200.1.3, 10.200.1.4'],
	],
	[
		'a node with a task has no balancer',
		w2 => w2.balancers.delete(net.slice(0, 9)),
		['w2: it has no balancer on the network'],
	],
	['the mesh has no rule on a node', w2 => w2.meshRules.clear(), ['w2: port 8080 of web has no rule']],
	[
		'the mesh has no rule, no mark and no socket on a node',
		w2 => {
			w2.meshRules.clear();
			w2.listening.clear();
			mesh(w2).marksByPort.clear();
		},
		['w2: port 8080 of web has no rule, no mark, no listening socket'],
	],
	[
		'the mesh leads to one task only',
		w2 => mesh(w2).backends.set(257, ['10.200.0.6']),
		['w2: the balancer of port 8080 of web leads to 10.200.0.6 and not to 10.200.0.6, 10.200.0.7'],
	],
	[
		'a node does not know the way to a task of another',
		w2 => w2.overlays.get(net.slice(0, 10))!.forwarded.delete('10.200.1.4'),
		['w2: it does not know the way to 10.200.1.4'],
	],
	[
		'a node does not know the way back to the end that balanced connections come from',
		(_, all) => all.get('m1')!.overlays.get(net.slice(0, 10))!.forwarded.delete('10.200.1.7'),
		['m1: it does not know the way to 10.200.1.7'],
	],
	[
		'the same of the network of the mesh',
		(_, all) => all.get('m1')!.overlays.get(ingress.slice(0, 10))!.forwarded.delete('10.200.0.4'),
		['m1: it does not know the way to 10.200.0.4'],
	],
	[
		'a name is not known',
		w2 => w2.names.get(net)!.delete('web'),
		['w2: web resolves to nothing and not to 10.200.1.2'],
	],
	[
		'a name without a virtual address leads to a task that is gone',
		w2 => w2.names.get(net)!.set('client', ['10.200.1.9', '10.200.1.8']),
		['w2: client resolves to 10.200.1.8, 10.200.1.9 and not to 10.200.1.9'],
	],
	[
		'a port of the node itself has no rule where a task is',
		(_, all) => all.get('m1')!.hostRules.clear(),
		['m1: port 8082 of web has no rule for the task here'],
	],
	[
		'a port of the node itself has a rule where no task is',
		w2 => w2.hostRules.add('tcp 8082'),
		['w2: port 8082 of web still has a rule, though no task is here'],
	],
];
for (const [what, spoil, expected] of rows) {
	test(what, t => {
		t.deepEqual(lacksOf(wanted, sights(spoil), scope), expected);
	});
}

test('a published port of a service without tasks must have nothing left on any node', t => {
	const none: Wanted = {...wanted, tasks: wanted.tasks.filter(({service}) => service !== 'web-id')};
	const only = {networks: [], services: ['web-id']};
	const left = lacksOf(none, sights(), only).filter(each => each.startsWith('w2'));
	t.deepEqual(left, ['w2: port 8080 of web still has its rule, mark, listening socket without any task']);
	const clean = sights((_, all) => {
		for (const sight of all.values()) {
			sight.meshRules.clear();
			sight.hostRules.clear();
			sight.listening.clear();
			mesh(sight).marksByPort.clear();
		}
	});
	t.deepEqual(lacksOf(none, clean, only), []);
});

test('a node without a task on a network needs nothing of it', t => {
	const nothing = sights((w2, all) => {
		w2.balancers.delete(net.slice(0, 9));
		w2.overlays.delete(net.slice(0, 10));
		w2.names.clear();
		for (const [name, sight] of all) {
			sight.names.get(net)?.delete('client');
			sight.names.get(net)?.delete('tasks.client');
			t.truthy(name);
		}
	});
	const without: Wanted = {...wanted, tasks: wanted.tasks.filter(({node}) => node !== 'w2')};
	t.deepEqual(lacksOf(without, nothing, scope), []);
});

test('of a node whose kernel has no balancer none is waited for, and everything else is', t => {
	const unbalanced = sights(w2 => {
		w2.balancers.delete(net.slice(0, 9));
		w2.balancers.delete('ingress');
		w2.meshRules.clear();
	});
	t.not(lacksOf(wanted, unbalanced, scope).length, 0);
	t.deepEqual(
		lacksOf(wanted, unbalanced, scope, new Set(['w2'])).filter(lack => /balancer|port/.test(lack)),
		[],
	);
	unbalanced.get('w2')!.names.set(net, new Map());
	t.true(lacksOf(wanted, unbalanced, scope, new Set(['w2'])).some(lack => /^w2: web resolves to nothing/.test(lack)));
});

test('engines before 18.06 keep their balancers in the containers', t => {
	const old: Wanted = {...wanted, nodes: wanted.nodes.map(({name}) => ({name, engine: '18.05.0-ce'}))};
	t.deepEqual(
		lacksOf(
			old,
			sights(w2 => w2.balancers.delete(net.slice(0, 9))),
			scope,
		),
		[],
	);
});

test('names are asked in a container of the node, of services that have tasks', t => {
	t.deepEqual(questionsFor('w2', wanted, [net]), [
		{network: net, pid: 13, names: ['web', 'tasks.web', 'client', 'tasks.client']},
	]);
	const none: Wanted = {...wanted, tasks: wanted.tasks.filter(({service}) => service !== 'web-id')};
	t.deepEqual(questionsFor('w2', none, [net]), [{network: net, pid: 13, names: ['client', 'tasks.client']}]);
	t.deepEqual(questionsFor('m1', none, [net]), []);
});
