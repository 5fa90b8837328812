/** Which snapshots a cell wants: by its nodes, each with what it is made from. Nothing is made here. */
import test from 'ava';
import type {NodeSpec, Variant} from '../model/index.ts';
import type {Provider} from '../providers/provider.ts';
import {cellOf, inMemory} from '../run/fixtures/in-memory.ts';
import type {Artifact} from '../store/cache.ts';
import type {Context, Target} from './request.ts';
import {savedBy} from './snapshot.ts';
import {clusterSnapshot, templateSnapshots} from './snapshots.ts';

const {artifacts} = inMemory().dependencies.providers.memory!;
const builder = {} as Parameters<Provider['artifacts']>[1];
const context = {} as Context;
const provider = {
	snapshots: {
		// The kernel and the engine are named by the checksums of their files, which are not there.
		recipe: async ({memory}, {kernel, engine}) => ({memory, made: [kernel?.vmlinuz, engine.disk]}),
	},
} satisfies Partial<Provider> as unknown as Provider;

const cell = cellOf('memory-1m2w', {managers: 1, workers: 2});
const [m1, w1, w2] = cell.nodes as [NodeSpec, NodeSpec, NodeSpec];
const older = (node: NodeSpec): NodeSpec => ({...node, engine: {...node.engine, label: '20.10.24'}});

async function targetOf(...nodes: NodeSpec[]): Promise<Target> {
	const made = nodes.map(async node => [node.name, await artifacts(node, builder)] as const);
	return {cell: {...cell, nodes}, provider, artifacts: Object.fromEntries(await Promise.all(made))};
}

test('nodes that are alike are clones of one template', async t => {
	const target = await targetOf(m1, w1, w2);
	const templates = await templateSnapshots(target, context);
	t.deepEqual(
		templates.map(({label}) => label),
		['6.1.1 × 26.1.5'],
	);
	const saved = savedBy(templates, [{folder: '/t'} as Artifact]);
	const clone = {folder: '/t', template: 'template'};
	t.deepEqual(saved, {m1: clone, w1: clone, w2: clone});
});

test('nodes with another engine, or of another size, are clones of a template of their own', async t => {
	const target = await targetOf(m1, older(w1), {...w2, memory: 32});
	const templates = await templateSnapshots(target, context);
	t.deepEqual(
		templates.map(({label, machines}) => [label, machines![0]!.artifacts.engine.disk, machines![0]!.node.memory]),
		[
			['6.1.1 × 26.1.5', 'disk of 26.1.5', 16],
			['6.1.1 × 20.10.24', 'disk of 20.10.24', 16],
			['6.1.1 × 26.1.5', 'disk of 26.1.5', 32],
		],
	);
	const saved = savedBy(templates, [{folder: '/a'}, {folder: '/b'}, {folder: '/c'}] as Artifact[]);
	t.deepEqual(
		Object.entries(saved).map(([name, {folder}]) => `${name} ${folder}`),
		['m1 /a', 'w1 /b', 'w2 /c'],
	);
	t.is((await clusterSnapshot(target, context)).bases!.length, 3);
});

test('a cluster is another one when a node is', async t => {
	const recipes = await Promise.all(
		[
			[m1, w1, w2],
			[m1, w1],
			[m1, older(w1), w2],
			[m1, w1, older(w2)],
			[{...m1}, {...w1}, {...w2}],
		].map(async nodes => JSON.stringify((await clusterSnapshot(await targetOf(...nodes), context)).recipe)),
	);
	t.is(new Set(recipes).size, 4);
	t.is(recipes[0], recipes.at(-1));
});

test('a variant has templates of its own, by what it says and not by its id', async t => {
	const withVariant = (node: NodeSpec, variant: Variant): NodeSpec => ({...node, variant});
	const target = await targetOf(
		m1,
		withVariant(w1, {id: 'a', daemon: {mtu: 1400}}),
		withVariant(w2, {id: 'b', daemon: {mtu: 1400}, ifRefused: 'failed'}),
	);
	const templates = await templateSnapshots(target, context);
	t.deepEqual(
		templates.map(({label}) => label),
		['6.1.1 × 26.1.5', '6.1.1 × 26.1.5 with a'],
	);
	const recipes = await Promise.all(
		[undefined, {mtu: 1400}, {mtu: 1300}].map(async daemon =>
			JSON.stringify(
				(await clusterSnapshot(await targetOf(daemon ? withVariant(m1, {id: 'a', daemon}) : m1, w1), context)).recipe,
			),
		),
	);
	t.is(new Set(recipes).size, 3);
});

test('nodes with commands before their engine are saved as a swarm, but not cloned', async t => {
	const variant = {id: 'a', before: {engine: ['hostname']}};
	const target = await targetOf({...m1, variant}, w1);
	t.is((await clusterSnapshot(target, context)).bases, undefined);
	t.is((await clusterSnapshot(await targetOf(m1, w1), context)).bases!.length, 1);
});
