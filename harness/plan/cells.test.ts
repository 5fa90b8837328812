import test from 'ava';
import {UsageError} from '../errors.ts';
import {matches} from '../match.ts';
import {type Cell, type Engine, type Kernel, type Stack, uniform} from '../model/index.ts';
import {planCells} from './cells.ts';
import type {Mix} from './mix.ts';

const kernel = (label: string, suite = 'bookworm', flavour = 'cloud-amd64'): Kernel => ({
	label,
	release: `${label}-${flavour}`,
	source: {type: 'package', package: {name: `linux-image-${label}-${flavour}`, version: label, suite}},
});

const engine = (label: string, suite = 'bookworm', repository?: string): Engine => ({
	label,
	version: label,
	source: {
		type: 'package',
		package: {name: 'docker.io', version: label, suite},
		suite,
		...(repository && {repository}),
	},
});

const tarball = (label: string, sha256: string): Engine => ({
	label,
	version: label,
	source: {type: 'tarball', location: `/tmp/${sha256}.tgz`, sha256, suite: 'bookworm'},
});

const usual = {managers: 1, workers: 2, memory: 1024, cpus: 1};
const matrix = {
	kernels: [kernel('5.10.1'), kernel('6.1.180')],
	engines: [engine('20.10.24'), engine('26.1.5', 'trixie')],
	topologies: [usual],
	providers: ['qemu'] as const,
};
const engineOf = (cell: Cell) => uniform(cell, ({engine}) => engine.label);
const kernelOf = (cell: Cell) => uniform(cell, ({kernel}) => kernel.label);
const ids = (given: Partial<Parameters<typeof planCells>[0]>) => planCells({...matrix, ...given}).map(({id}) => id);

test('the matrix is every kernel with every engine, in the order asked for', t => {
	t.deepEqual(ids({}), [
		'qemu-k5.10.1-d20.10.24-1m2w',
		'qemu-k5.10.1-d26.1.5-1m2w',
		'qemu-k6.1.180-d20.10.24-1m2w',
		'qemu-k6.1.180-d26.1.5-1m2w',
	]);
});

test('machines without a kernel of their own have that of their host, unless another one is asked for', t => {
	const host: Kernel = {label: 'host', release: "the host's", source: {type: 'host'}};
	const [standIn, asked] = [kernel('6.1.180'), kernel('5.10.1')];
	const one = {engines: [engine('20.10.24')], providers: ['qemu', 'container']};
	t.deepEqual(ids({...one, kernels: [standIn, asked], kernelsOf: {container: [host, asked]}}), [
		'qemu-k6.1.180-d20.10.24-1m2w',
		'qemu-k5.10.1-d20.10.24-1m2w',
		'container-k5.10.1-d20.10.24-1m2w',
		'container-khost-d20.10.24-1m2w',
	]);
	t.deepEqual(ids({...one, providers: ['container'], kernels: [], kernelsOf: {container: [host]}}), [
		'container-khost-d20.10.24-1m2w',
	]);
});

test('a size is in the id only where it is not the usual one', t => {
	const one = {kernels: [kernel('6.1.180')], engines: [engine('20.10.24')]};
	const topologies = [usual, {...usual, memory: 2048}, {...usual, managers: 3, workers: 0, cpus: 2}];
	t.deepEqual(ids({...one, topologies}), [
		'qemu-k6.1.180-d20.10.24-1m2w',
		'qemu-k6.1.180-d20.10.24-1m2w-2048MiB',
		'qemu-k6.1.180-d20.10.24-3m0w-2cpu',
	]);
});

test('a stack is a cell on one machine, of the size that it needs; engines do not multiply it', t => {
	const stack = {
		...{kind: 'rehearsal' as const, label: 'rehearsal', what: 'a rehearsal', revision: 'mitaka'},
		...{exercises: ['client-env'], localrc: {}, retryWithRemedy: false},
	};
	const stacks = [{stack, memory: 2048, cpus: 2}];
	t.deepEqual(ids({topologies: [], stacks}), ['qemu-k5.10.1-rehearsal', 'qemu-k6.1.180-rehearsal']);
	t.is(ids({stacks}).length, 6);
	const [cell] = planCells({...matrix, topologies: [], stacks, filter: ['k6.1']});
	t.is(cell?.nodes.length, 1);
	t.like(cell?.nodes[0], {name: 'm1', role: 'manager', memory: 2048, cpus: 2});
	t.deepEqual(cell?.subject, {stack});
});

const clashes: [what: string, engines: Engine[], labels: string[]][] = [
	['of two suites', [engine('26.1.5', 'trixie'), engine('26.1.5', 'forky')], ['26.1.5-trixie', '26.1.5-forky']],
	['of package and tarball', [engine('20.10.24'), tarball('20.10.24', 'aa')], ['20.10.24-package', '20.10.24-tarball']],
	['of two repositories', [engine('26.1.5'), engine('26.1.5', 'bookworm', 'ce')], ['26.1.5-bookworm', '26.1.5-ce']],
	['asked for twice', [engine('26.1.5'), engine('26.1.5')], ['26.1.5']],
];

for (const [what, engines, labels] of clashes) {
	test(`engines of one version ${what} are distinguished`, t => {
		const cells = planCells({...matrix, kernels: [kernel('6.1.180')], engines});
		t.deepEqual(cells.map(engineOf), labels);
		t.deepEqual(
			cells.map(({id}) => id),
			labels.map(label => `qemu-k6.1.180-d${label}-1m2w`),
		);
	});
}

test('what no trait distinguishes is distinguished by a hash', t => {
	const engines = [tarball('1.12.6', 'aa'), tarball('1.12.6', 'bb')];
	const labels = planCells({...matrix, kernels: [kernel('6.1.180')], engines}).map(engineOf);
	t.is(new Set(labels).size, 2);
	t.true(labels.every(label => /^1\.12\.6-[\da-f]{8}$/.test(label)));
});

test('kernels of one version are distinguished by suite, else by release', t => {
	const suites = planCells({...matrix, kernels: [kernel('6.12.1', 'trixie'), kernel('6.12.1', 'bookworm-backports')]});
	t.deepEqual([...new Set(suites.map(kernelOf))], ['6.12.1-trixie', '6.12.1-bookworm-backports']);
	const flavours = planCells({...matrix, kernels: [kernel('6.1.1'), kernel('6.1.1', 'bookworm', 'amd64')]});
	t.deepEqual([...new Set(flavours.map(kernelOf))], ['6.1.1-6.1.1-cloud-amd64', '6.1.1-6.1.1-amd64']);
});

const mixed = {m1: engine('20.10.24'), w2: engine('28.5.2', 'forky')};

test('a mix is one cell whose nodes have each its own, and the others what is left', t => {
	const kernels = [{named: {w1: kernel('5.10.1')}, others: kernel('6.1.180')}];
	const engines = [engine('26.1.5', 'trixie'), {named: mixed, others: engine('26.1.5', 'trixie')}];
	const [, cell, ...more] = planCells({...matrix, kernels, engines});
	t.deepEqual(more, []);
	t.deepEqual(
		cell!.nodes.map(({name, kernel, engine}) => [name, kernel.label, engine.label]),
		[
			['m1', '6.1.180', '20.10.24'],
			['w1', '5.10.1', '26.1.5'],
			['w2', '6.1.180', '28.5.2'],
		],
	);
	t.is(cell!.id, 'qemu-k6.1.180-k5.10.1_w1-d20.10.24-d26.1.5_w1-d28.5.2_w2-1m2w');
});

test('the id of a mix comes of what the nodes have, not of how it was asked for', t => {
	const [old, recent] = [engine('20.10.24'), engine('28.5.2', 'forky')];
	const asked: Mix<Engine>[] = [
		{named: {m1: old}, others: recent},
		{named: {w1: recent, w2: recent}, others: old},
		{named: {m1: old, w1: recent, w2: recent}, others: engine('26.1.5')},
	];
	t.deepEqual(ids({kernels: [kernel('6.1.180')], engines: asked}), ['qemu-k6.1.180-d28.5.2-d20.10.24_m1-1m2w']);
});

test('a mix is meant by any engine that a node of it has, and by the node that has it', t => {
	const of = {kernels: [kernel('6.1.180')], engines: [engine('26.1.5'), {named: mixed, others: engine('26.1.5')}]};
	for (const [filter, count] of [
		['d28.5', 1],
		['d28.5.2_w2', 1],
		['d26.1', 2],
		['d28.5.2_w1', 0],
	] as const) {
		t.is(planCells({...matrix, ...of}).filter(({id}) => matches(id, filter)).length, count, filter);
	}
});

test('engines of one version are told apart in a mix, too', t => {
	const twins = [{named: {m1: engine('20.10.24')}, others: engine('20.10.24', 'bullseye')}];
	t.deepEqual(ids({kernels: [kernel('6.1.180')], engines: twins}), [
		'qemu-k6.1.180-d20.10.24-bullseye-d20.10.24-bookworm_m1-1m2w',
	]);
});

test('a mix is planned on the topologies that have its nodes', t => {
	const small = {...usual, workers: 1};
	const engines = [{named: mixed, others: engine('26.1.5')}];
	t.deepEqual(ids({kernels: [kernel('6.1.180')], engines, topologies: [small, usual]}), [
		'qemu-k6.1.180-d20.10.24-d26.1.5_w1-d28.5.2_w2-1m2w',
	]);
});

test('every swarm gets the engines to upgrade to, and a stack does not', t => {
	const [from, to, last] = [engine('20.10.24'), engine('26.1.5', 'trixie'), engine('28.5.2', 'forky')];
	const stacks = [{stack: {label: 'rehearsal'} as Stack, memory: 1024, cpus: 1}];
	const cells = planCells({...matrix, kernels: [kernel('6.1.180')], engines: [from], upgrade: [to, last], stacks});
	t.deepEqual(
		cells.map(({id, upgrade}) => [id, upgrade]),
		[
			['qemu-k6.1.180-d20.10.24-1m2w-to-26.1.5-28.5.2', [to, last]],
			['qemu-k6.1.180-rehearsal', undefined],
		],
	);
});

test('an engine to upgrade to is told apart from the one of the nodes', t => {
	const upgrade = [engine('20.10.24', 'bullseye')];
	const [cell] = planCells({...matrix, kernels: [kernel('6.1.180')], engines: [engine('20.10.24')], upgrade});
	t.is(cell!.id, 'qemu-k6.1.180-d20.10.24-bookworm-1m2w-to-20.10.24-bullseye');
	t.is(cell!.upgrade?.[0]?.label, '20.10.24-bullseye');
});

const filters: [filter: string[], exclude: string[], count: number][] = [
	[['k6.1.180'], [], 2],
	[['*-k5*'], [], 2],
	[['qemu-k5.10.1-d20.10.24-1m2w'], [], 1],
	[['k5.10', 'D26'], [], 3],
	[[], ['*-k5.10*-d26*'], 3],
	[['k5'], ['d26'], 1],
];

for (const [filter, exclude, count] of filters) {
	test(`filter [${filter}] without [${exclude}] leaves ${count} cells of 4`, t => {
		t.is(ids({filter, exclude}).length, count);
	});
}

test('for a filter that matches nothing, the error lists the ids', t => {
	const error = t.throws(() => ids({filter: ['k7']}), {instanceOf: UsageError});
	t.regex(error.message, /No cell matches 'k7'[\s\S]*qemu-k6\.1\.180-d26\.1\.5-1m2w/);
});

test('a pattern that was typed and matches no cell is a usage error, whatever the others match', t => {
	const cell = t.throws(() => ids({filter: ['k5.10', 'k7', 'k8']}), {instanceOf: UsageError});
	t.regex(cell.message, /^No cell matches 'k7' or 'k8'\. [\s\S]*qemu-k6\.1\.180-d26\.1\.5-1m2w/);
	const typed = {exclude: ['d26', 'k7'], excludedBy: '--exclude', mustExclude: true};
	const exclude = t.throws(() => ids(typed), {instanceOf: UsageError});
	t.regex(exclude.message, /^--exclude: no cell matches 'k7'\. [\s\S]*qemu-k6\.1\.180-d26\.1\.5-1m2w/);
	t.is(ids({...typed, exclude: ['d26'], filter: ['d20.10']}).length, 2, 'it excludes what --cell does not choose');
});

test('what a config excludes is a rule for cells that may come', t => {
	t.is(ids({exclude: ['d26', 'k7']}).length, 2);
});

test('a matrix of which all is excluded is a usage error', t => {
	t.throws(() => ids({exclude: ['qemu']}), {instanceOf: UsageError, message: /Every cell is excluded by 'qemu'/});
});

test('the remedy changes what excluded them', t => {
	const error = t.throws(() => ids({exclude: ['qemu'], excludedBy: '--exclude'}), {instanceOf: UsageError});
	t.is(error.remedy, 'Change --exclude.');
});

test('a kernel is meant by whole components, to choose and to exclude', t => {
	const kernels = [kernel('6.1.180'), kernel('6.12.107'), kernel('6.17.1')];
	const one = {kernels, engines: [engine('26.1.5')]};
	t.deepEqual(ids({...one, filter: ['k6.1']}), ['qemu-k6.1.180-d26.1.5-1m2w']);
	t.deepEqual(ids({...one, exclude: ['k6.1']}), ['qemu-k6.12.107-d26.1.5-1m2w', 'qemu-k6.17.1-d26.1.5-1m2w']);
});

test('plain cells have ids of their own', t => {
	const cells = planCells({...matrix, plain: true, filter: ['k5.10']});
	t.deepEqual(
		cells.map(({id, plain}) => [id, plain]),
		[
			['qemu-k5.10.1-d20.10.24-1m2w-plain', true],
			['qemu-k5.10.1-d26.1.5-1m2w-plain', true],
		],
	);
	t.true(planCells(matrix).every(cell => !('plain' in cell)));
});
