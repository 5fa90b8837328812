import test from 'ava';
import {UsageError} from '../errors.ts';
import type {Engine, Kernel, Variant} from '../model/index.ts';
import {planCells} from './cells.ts';
import {matches} from './match.ts';
import {chooseVariants} from './variants.ts';

const kernel: Kernel = {label: '6.1.180', release: '6.1.180', source: {type: 'host'}};
const engine: Engine = {
	label: '20.10.24',
	version: '20.10.24',
	source: {type: 'tarball', location: '', sha256: '', suite: 'bookworm'},
};
const [nft, small]: Variant[] = [
	{id: 'nft', iptables: 'nft'},
	{id: 'small', daemon: {mtu: 1400}},
] as const;
const known = [nft!, small!];
const usual = {managers: 1, workers: 2, memory: 1024, cpus: 1};

function cellsOf(options: Parameters<typeof chooseVariants>[1], variants: readonly Variant[] = known) {
	const chosen = chooseVariants(variants, options);
	return planCells({kernels: [kernel], engines: [engine], topologies: [usual], providers: ['qemu'], variants: chosen});
}

const ids = (...given: Parameters<typeof cellsOf>) => cellsOf(...given).map(({id}) => id);

test('without variants, cells and their nodes are as they always were', t => {
	const [cell, ...more] = cellsOf({}, []);
	t.deepEqual(more, []);
	t.is(cell!.id, 'qemu-k6.1.180-d20.10.24-1m2w');
	t.true(cell!.nodes.every(node => !('variant' in node)));
	t.deepEqual(ids({variant: ['none']}), ['qemu-k6.1.180-d20.10.24-1m2w']);
	const before = planCells({kernels: [kernel], engines: [engine], topologies: [usual], providers: ['qemu']});
	t.deepEqual(cellsOf({variant: ['none']}), before);
});

test('each variant of a config is an axis, and ids show it', t => {
	t.deepEqual(ids({}), ['qemu-k6.1.180-d20.10.24-with-nft-1m2w', 'qemu-k6.1.180-d20.10.24-with-small-1m2w']);
	t.deepEqual(ids({}, [{id: 'none'}, nft!]), ['qemu-k6.1.180-d20.10.24-1m2w', 'qemu-k6.1.180-d20.10.24-with-nft-1m2w']);
	t.deepEqual(
		cellsOf({variant: ['nft']})[0]!.nodes.map(({variant}) => variant),
		[nft, nft, nft],
	);
});

test('a mix gives nodes their own, whatever way it was asked for', t => {
	const id = 'qemu-k6.1.180-d20.10.24-with-nft_w1_w2-1m2w';
	t.deepEqual(ids({variant: [{w1: 'nft', w2: 'nft'}]}), [id]);
	t.deepEqual(ids({variant: [{m1: 'none', others: 'nft'}]}), [id]);
	t.deepEqual(ids({variant: [{m1: 'small', others: 'nft'}]}), [
		'qemu-k6.1.180-d20.10.24-with-small_m1-with-nft_w1_w2-1m2w',
	]);
	const [cell] = cellsOf({variant: [{w1: 'nft'}]});
	t.deepEqual(
		cell!.nodes.map(node => ['variant' in node, node.variant?.id]),
		[
			[false, undefined],
			[true, 'nft'],
			[false, undefined],
		],
	);
});

test('a variant is chosen by a whole component of the id', t => {
	const [id] = ids({variant: [{w1: 'nft'}]});
	for (const [pattern, matched] of [
		['nft', true],
		['with-nft', true],
		['with-nft_w1', true],
		['nf', false],
		['nft_w2', false],
	] as const) {
		t.is(matches(id!, pattern), matched, pattern);
	}
});

test('--daemon is one more variant; in a mix it is meant by its id', t => {
	t.deepEqual(ids({daemon: ['mtu=1300']}), ['qemu-k6.1.180-d20.10.24-with-mtu-1300-1m2w']);
	t.deepEqual(ids({daemon: ['mtu=1300'], variant: ['none', 'nft']}), [
		'qemu-k6.1.180-d20.10.24-1m2w',
		'qemu-k6.1.180-d20.10.24-with-nft-1m2w',
		'qemu-k6.1.180-d20.10.24-with-mtu-1300-1m2w',
	]);
	t.deepEqual(ids({daemon: ['mtu=1300'], variant: [{w1: 'mtu-1300'}]}), [
		'qemu-k6.1.180-d20.10.24-with-mtu-1300_w1-1m2w',
	]);
});

test('a variant that is not known is a usage error', t => {
	t.throws(() => ids({variant: [{w1: 'ntf'}]}), {
		instanceOf: UsageError,
		message: /no variant 'ntf'\. Did you mean 'nft'\?/,
	});
});
