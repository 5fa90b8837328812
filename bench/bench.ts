/**
 * The figures of docs/performance.md: `npm run bench` (add a number for more rounds).
 * The machine by hand and the machine through the harness take turns, so that their ratio holds when the host's speed drifts.
 */
import fs from 'node:fs';
import {resolveEngine} from '../harness/images/engine-spec.ts';
import {listEngines} from '../harness/images/engines.ts';
import {resolveKernel} from '../harness/images/kernel-spec.ts';
import {listKernels} from '../harness/images/kernels.ts';
import {detectPackageSettings} from '../harness/images/settings.ts';
import {connect} from '../harness/machine/index.ts';
import type {Cell, Topology} from '../harness/model.ts';
import {openShelf} from '../harness/run/artifacts.ts';
import {formSwarm} from '../harness/swarm/form.ts';
import {bootByHand, up} from './machines.ts';
import {median, type Row, residentMemory, table} from './measure.ts';

const rounds = Number(process.argv[2] ?? 5);
const settings = await detectPackageSettings();
const kernel = await resolveKernel('6.1', await listKernels(settings));
const engine = await resolveEngine('20.10', await listEngines(settings));

function cellOf(managers: number, workers: number): Cell {
	const topology: Topology = {managers, workers, memory: 1024, cpus: 1};
	return {id: `bench-${managers}m${workers}w`, provider: 'qemu', kernel, engine, topology};
}

const one = cellOf(1, 0);
const three = cellOf(1, 2);
const artifacts = await openShelf(settings, event => {
	if (event.event === 'artifact') {
		console.error(`${event.kind} ${event.label}: ${event.state}`);
	}
}).of(one);

const byHand: number[] = [];
const node: number[] = [];
const ratio: number[] = [];
const formed: number[] = [];
const memory: number[] = [];
for (let round = 1; round <= rounds; round++) {
	byHand.push(await bootByHand(one, artifacts));
	const single = await up(one, artifacts);
	node.push(single.bootSeconds.m1!);
	ratio.push(node.at(-1)! / byHand.at(-1)!);
	await single.down();

	const start = performance.now();
	const cluster = await up(three, artifacts);
	const machines = await Promise.all(cluster.machines.map(async handle => connect(handle)));
	await formSwarm(machines, three.topology);
	formed.push((performance.now() - start) / 1000);
	memory.push(...cluster.machines.map(({pid}) => residentMemory(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))));
	await cluster.down();
	console.error(`round ${round}: node ${node.at(-1)!.toFixed(1)} s, swarm ${formed.at(-1)!.toFixed(1)} s`);
}

const rows: Row[] = [
	{what: 'one node by hand: the same QEMU line, until the guest says that dockerd listens', unit: 's', values: byHand},
	{
		what: 'one node through the harness: QEMU start until the Docker API answers on this host',
		unit: 's',
		values: node,
		goal: 11,
	},
	{what: 'harness ÷ by hand', unit: '×', values: ratio},
	{what: 'swarm of 3 formed, all nodes Ready, cold boot included', unit: 's', values: formed, goal: 35},
	{what: 'the same ÷ one node by hand', unit: '×', values: formed.map(seconds => seconds / median(byHand))},
	{what: 'resident memory of a node in a formed swarm', unit: 'MiB', values: memory, goal: 650},
];
console.log(`kernel ${kernel.release}, Docker ${engine.version}\n\n${table(rows)}`);
