import test from 'ava';
import type {Cell} from '../model.ts';
import {cellsAtOnce} from './schedule.ts';

function cell(managers: number, workers: number, memory = 1024, cpus = 1): Cell {
	return {topology: {managers, workers, memory, cpus}} as Cell;
}

const rows: Array<
	[title: string, jobs: number | 'auto', cells: Cell[], capacity: {cpus: number; memory: number}, expected: number]
> = [
	['a small host carries one cell', 'auto', [cell(1, 2)], {cpus: 2, memory: 8000}, 1],
	['a CPU for every second machine', 'auto', [cell(1, 2)], {cpus: 8, memory: 64_000}, 5],
	['memory is the tighter bound', 'auto', [cell(1, 2)], {cpus: 64, memory: 9000}, 2],
	['the largest cell counts', 'auto', [cell(1, 0), cell(3, 4, 2048)], {cpus: 16, memory: 40_000}, 2],
	['never none', 'auto', [cell(3, 4)], {cpus: 1, memory: 500}, 1],
	['a number is taken as it is', 3, [cell(1, 2)], {cpus: 1, memory: 500}, 3],
];

for (const [title, jobs, cells, capacity, expected] of rows) {
	test(title, t => {
		t.is(cellsAtOnce(jobs, cells, capacity), expected);
	});
}
