import test from 'ava';
import {hostCapacity, needOf} from '../capacity/needs.ts';
import {type Cell, nodesOf} from '../model/index.ts';
import {cellsAtOnce, longestFirst, swarmsAtOnce} from './schedule.ts';

function cell(managers: number, workers: number, memory = 1024, cpus = 1): Cell {
	return {nodes: nodesOf({managers, workers, memory, cpus}, {} as Cell['nodes'][0])} as Cell;
}

const rows: Array<
	[
		title: string,
		jobs: number | 'auto',
		cells: Cell[],
		host: {cpus: number; totalMib: number},
		cells: number,
		swarms: number,
	]
> = [
	['a small host carries one cell', 'auto', [cell(1, 2)], {cpus: 2, totalMib: 16_000}, 1, 2],
	['a CPU for every second or third machine', 'auto', [cell(1, 2)], {cpus: 8, totalMib: 64_000}, 5, 8],
	['memory is the tighter bound', 'auto', [cell(1, 2)], {cpus: 64, totalMib: 9000}, 2, 2],
	['the smallest cell counts', 'auto', [cell(3, 4, 2048), cell(1, 2)], {cpus: 16, totalMib: 40_000}, 9, 9],
	['never none', 'auto', [cell(3, 4)], {cpus: 1, totalMib: 500}, 1, 1],
	['a number is taken as it is', 3, [cell(1, 2)], {cpus: 1, totalMib: 500}, 3, 3],
	['a number limits the swarms of a cell, too', 1, [cell(1, 2)], {cpus: 8, totalMib: 64_000}, 1, 1],
];

for (const [title, jobs, cells, host, atOnce, swarms] of rows) {
	test(title, t => {
		t.deepEqual([cellsAtOnce(jobs, cells, host), swarmsAtOnce(jobs, cells, host)], [atOnce, swarms]);
	});
}

test('a machine needs more than its memory, and a swarm as much as all of them', t => {
	t.deepEqual(needOf(cell(1, 2, 1024, 2)), {memory: 3972, cpus: 6});
	const nodes = [
		{memory: 1024, cpus: 1},
		{memory: 2048, cpus: 2},
	];
	t.deepEqual(needOf({nodes}), {memory: 3672, cpus: 3}, 'each has its own size');
});

test('this host has something', t => {
	const {cpus, freeMib, totalMib} = hostCapacity();
	t.true(cpus >= 1 && freeMib > 0 && totalMib > freeMib);
});

test('the longest come first, the unknown before them, and those alike in their order', t => {
	const seconds: Record<string, number> = {quick: 1, long: 300, alike: 60, 'alike too': 60};
	const items = ['quick', 'alike', 'never run', 'long', 'alike too', 'never run either'];
	t.deepEqual(
		longestFirst(items, name => seconds[name]),
		['never run', 'never run either', 'long', 'alike', 'alike too', 'quick'],
	);
	t.deepEqual(items[0], 'quick', 'what was given stays as it is');
});
