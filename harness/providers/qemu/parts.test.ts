/** What each machine is started from: its own node's files and size, whatever the others have. */
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {NodeSpec} from '../../model/index.ts';
import {stations} from '../../network/lan.ts';
import {cellOf, inMemory, ownPlaces} from '../../run/fixtures/in-memory.ts';
import type {BringUp, Provider, RestoreSource} from '../provider.ts';

const places = ownPlaces();
mkdirSync(path.join(places, 'state', 'ssh'));
for (const name of ['id_ed25519', 'id_ed25519.pub']) {
	writeFileSync(path.join(places, 'state', 'ssh', name), 'ssh-ed25519 AAAA test\n');
}

const {partsOf} = await import('./parts.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

const {artifacts} = inMemory().dependencies.providers.memory!;
const cell = cellOf('memory-1m1w', {managers: 1, workers: 1});
const [m1, w1] = cell.nodes as [NodeSpec, NodeSpec];
const larger = {...w1, engine: {...w1.engine, label: '20.10.24'}, memory: 2048, cpus: 2};

async function partsOfAll(from?: RestoreSource) {
	const nodes = [m1, larger];
	const machines = await Promise.all(
		stations(nodes).map(async (station, index) => {
			const node = nodes[index]!;
			return {station, node, artifacts: await artifacts(node, {} as Parameters<Provider['artifacts']>[1])};
		}),
	);
	const request = {
		...{cell, machines, signal: new AbortController().signal, log: {machine() {}, machineRetried() {}}},
		places: {folder: places, disks: '/disks', runtime: '/r'},
		from,
	} satisfies BringUp;
	return Promise.all(machines.map(async machine => partsOf(request, machine, 'tcg')));
}

test('a machine boots the kernel and the disk of its own node, in its size', async t => {
	const [first, second] = await partsOfAll();
	t.like(first, {rootDisk: 'disk of 26.1.5', vmlinuz: 'vmlinuz of 6.1.1', memoryMib: 16, cpus: 1});
	t.like(second, {rootDisk: 'disk of 20.10.24', vmlinuz: 'vmlinuz of 6.1.1', memoryMib: 2048, cpus: 2});
	t.deepEqual([first!.station.name, second!.station.name], ['m1', 'w1']);
});

test('a machine that was saved while it went on has no file of its memory', async t => {
	const [m1] = await partsOfAll({m1: {folder: '/s', memoryInState: true}, w1: {folder: '/s', memoryInState: true}});
	t.is(m1!.memoryFile, undefined);
});

test('a machine comes back from its own template', async t => {
	const parts = await partsOfAll({
		m1: {folder: '/t1', template: 'template'},
		w1: {folder: '/t2', template: 'template'},
	});
	t.deepEqual(
		parts.map(({memoryFile}) => memoryFile),
		[
			{path: '/t1/template.ram', keep: false},
			{path: '/t2/template.ram', keep: false},
		],
	);
});
