/** Which cells are compared. */
import test from 'ava';
import {cellWith} from '../history/fixtures/write-run.ts';
import type {Cell} from '../model/index.ts';
import {pairCells, versionChanges} from './pair-cells.ts';

const pairs = (now: Cell[], before: Cell[]) =>
	Object.fromEntries([...pairCells(now, before)].map(([id, cell]) => [id, cell.id]));

const [old, patched, next] = [cellWith('28.5.1'), cellWith('28.5.2'), cellWith('29.0.0')];

test('the same cell is its own pair, whatever else is near', t => {
	t.deepEqual(pairs([old, patched], [patched, old]), {[old.id]: old.id, [patched.id]: patched.id});
});

test('a new patch level is compared with the one before it', t => {
	t.deepEqual(pairs([patched], [cellWith('20.10.5'), old]), {[patched.id]: old.id});
	const [olderKernel, newerKernel] = [cellWith('28.5.2', '6.1.170'), cellWith('28.5.2', '6.12.1')];
	t.deepEqual(pairs([patched], [newerKernel, olderKernel]), {[patched.id]: olderKernel.id});
});

test('a cell is in one pair at most: the nearer one gets it', t => {
	t.deepEqual(pairs([next, patched], [old]), {[patched.id]: old.id});
});

test('cells of another provider, or with other nodes, are not compared', t => {
	t.deepEqual(
		pairs([patched], [cellWith('28.5.1', '6.1.180', {provider: 'qemu'}), cellWith('28.5.1', '6.1.180', {workers: 2})]),
		{},
	);
	t.deepEqual(pairs([], [old]), {});
});

test('what differs is named with its packages', t => {
	const packaged = (version: string): Cell => ({
		...patched,
		nodes: patched.nodes.map(node => ({
			...node,
			engine: {
				...node.engine,
				source: {
					...{type: 'package', suite: 'bookworm'},
					package: {name: 'docker.io', version, suite: 'bookworm'},
				},
			},
		})),
	});
	t.deepEqual(versionChanges(packaged('28.5.2-2'), packaged('28.5.2-1')), [
		{
			...{cell: patched.id, axis: 'engine'},
			...{before: '28.5.2 (docker.io 28.5.2-1)', now: '28.5.2 (docker.io 28.5.2-2)'},
		},
	]);
	t.deepEqual(versionChanges(patched, patched), []);
	t.deepEqual(
		versionChanges(cellWith('29.0.0', '6.12.1'), patched).map(({axis}) => axis),
		['engine', 'kernel'],
	);
});
