import test from 'ava';
import {type Cell, nodesOf, type Topology} from '../model/index.ts';
import {remarksOn} from './remarks.ts';

const host = {memory: 8000, cpus: 2};
const cell = (topology: Partial<Topology>) =>
	({nodes: nodesOf({managers: 1, workers: 2, memory: 1024, cpus: 1, ...topology}, {} as Cell['nodes'][0])}) as Cell;

const rows: [what: string, topology: Partial<Topology>, remarks: RegExp[]][] = [
	['the usual size', {}, []],
	['what just fits', {workers: 1, memory: 4000, cpus: 2}, []],
	['more memory than there is', {workers: 20}, [/21 × 1024 MiB are 21504 MiB, and this host has 8000 MiB/]],
	['more CPUs than there are', {cpus: 3}, [/3 CPUs in each machine are more than the 2 of this host/]],
	['two managers', {managers: 2}, [/2 managers are an even number: they bear the loss of 0, as 1 does\./]],
	['four managers', {managers: 4, workers: 0}, [/loss of 1, as 3 do\. Use 3 or 5/]],
	['three managers', {managers: 3}, []],
];

for (const [what, topology, remarks] of rows) {
	test(`${what} is remarked on ${remarks.length} times`, t => {
		const said = remarksOn([cell(topology), cell(topology)], host);
		t.is(said.length, remarks.length);
		for (const [index, remark] of remarks.entries()) {
			t.regex(said[index]!, remark);
		}
	});
}
