/**
 * Measures the figures of docs/performance.md: `npm run bench` (add a number for more rounds, and `cold` for cold boots only).
 * Variants that are compared take turns, so that their ratios hold when the host's speed drifts.
 */
import fs from 'node:fs';
import {resolveEngine} from '../harness/artifacts/engines/engine-spec.ts';
import {listEngines} from '../harness/artifacts/engines/engines.ts';
import {resolveKernel} from '../harness/artifacts/kernels/kernel-spec.ts';
import {listKernels} from '../harness/artifacts/kernels/kernels.ts';
import {openHostPackages} from '../harness/artifacts/packages/packages.ts';
import {type Cell, nodesOf} from '../harness/model/index.ts';
import {qemuProvider} from '../harness/providers/qemu/provider.ts';
import {createArtifactSource} from '../harness/provision/artifacts.ts';
import {bootByHand, provisionOnce, swarmAnswers, withLease} from './machines.ts';
import {median, proportionalMemory, type Row, residentMemory, table} from './measure.ts';

const rounds = Number(process.argv.find(each => /^\d+$/.test(each)) ?? 5);
const onlyCold = process.argv.includes('cold');
const packages = await openHostPackages();
const kernel = await resolveKernel('6.1', await listKernels(packages));
const engine = await resolveEngine('20.10', await listEngines(packages));

function cellOf(managers: number, workers: number): Cell {
	const nodes = nodesOf({managers, workers, memory: 1024, cpus: 1}, {kernel, engine});
	return {id: `bench-${managers}m${workers}w`, provider: 'qemu', subject: 'swarm', nodes};
}

const [one, three, five, seven] = [cellOf(1, 0), cellOf(1, 2), cellOf(1, 4), cellOf(1, 6)];
const webs = {
	name: 'a web server on every node but the last, and a client on every node',
	file: 'scenarios/fixtures.ts',
};
const measured = new Map<string, number[]>();
const note = (what: string, ...values: number[]) => measured.set(what, [...(measured.get(what) ?? []), ...values]);
const of = (what: string) => measured.get(what) ?? [];

await withLease(async lease => {
	const artifacts = await createArtifactSource(packages, event => {
		if (event.event === 'artifact') {
			console.error(`${event.kind} ${event.label}: ${event.state}`);
		}
	}).forCell(seven, qemuProvider);
	const lab = {artifacts, lease};

	// Makes all snapshots before it measures anything.
	if (!onlyCold) {
		for (const cell of [three, five, seven]) {
			await (await provisionOnce({...lab, cell, origin: 'cluster snapshot'})).down();
		}

		await (await provisionOnce({...lab, cell: three, origin: 'fixture snapshot', fixture: webs})).down();
	}

	for (let round = 1; round <= rounds; round++) {
		note('by hand', await bootByHand(one, artifacts));
		const single = await provisionOnce({...lab, cell: one, origin: 'cold boot'});
		note('node', single.bootSeconds.m1!);
		await single.down();

		const cold = await provisionOnce({...lab, cell: three, origin: 'cold boot'});
		note('cold API', Math.max(...Object.values(cold.bootSeconds)));
		note('cold swarm', cold.seconds);
		note('cold memory', ...cold.pids.map(pid => residentMemory(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))));
		await cold.down();
		if (onlyCold) {
			continue;
		}

		const clones = await provisionOnce({...lab, cell: three, origin: 'clones of a template'});
		note('clones API', Math.max(...Object.values(clones.bootSeconds)));
		note('clones swarm', clones.seconds);
		note('clone disk', ...clones.diskMebibytes);
		await clones.down();

		for (const [name, cell] of [
			['3', three],
			['5', five],
			['7', seven],
		] as const) {
			const restored = await provisionOnce({...lab, cell, origin: 'cluster snapshot'});
			note(`restored ${name}`, restored.seconds);
			note(`restored ${name} memory`, ...restored.pids.map(pid => proportionalMemory(pid)));
			await restored.down();
		}

		const fixture = await provisionOnce({...lab, cell: three, origin: 'fixture snapshot', fixture: webs});
		note('fixture ready', fixture.seconds);
		note('fixture answers', fixture.seconds + (await swarmAnswers(fixture, 'web', 8080)));
		note('fixture memory', ...fixture.pids.map(pid => proportionalMemory(pid)));
		await fixture.down();
		console.error(`round ${round} of ${rounds} done`);
	}
});

const rows: Row[] = [
	{
		what: 'one node by hand: the same QEMU line, until the guest says that dockerd listens',
		unit: 's',
		values: of('by hand'),
	},
	{
		what: 'one node, cold: QEMU start until the Docker API answers on this host',
		unit: 's',
		values: of('node'),
		goal: 11,
	},
	{what: 'harness ÷ by hand', unit: '×', values: of('node').map((seconds, index) => seconds / of('by hand')[index]!)},
	{what: '3 nodes, cold: Docker API on all', unit: 's', values: of('cold API')},
	{what: 'swarm of 3 formed, cold boot included', unit: 's', values: of('cold swarm'), goal: 35},
	{what: 'resident memory of a node in it', unit: 'MiB', values: of('cold memory'), goal: 650},
	{what: '3 clones: Docker API on all', unit: 's', values: of('clones API'), goal: 2},
	{what: 'swarm of 3 formed of clones', unit: 's', values: of('clones swarm'), goal: 4},
	{what: 'the same ÷ cold', unit: '×', values: of('clones swarm').map(seconds => seconds / median(of('cold swarm')))},
	{what: 'disk of a clone when its swarm is formed', unit: 'MiB', values: of('clone disk'), goal: 5},
	{what: 'swarm of 3, restored and proven alive', unit: 's', values: of('restored 3'), goal: 1.2},
	{what: 'the same ÷ cold', unit: '×', values: of('restored 3').map(seconds => seconds / median(of('cold swarm')))},
	{what: 'proportional memory of a node in it', unit: 'MiB', values: of('restored 3 memory'), goal: 200},
	{what: 'swarm of 5, restored', unit: 's', values: of('restored 5')},
	{what: 'proportional memory of a node in it', unit: 'MiB', values: of('restored 5 memory')},
	{what: 'swarm of 7, restored', unit: 's', values: of('restored 7')},
	{what: 'proportional memory of a node in it', unit: 'MiB', values: of('restored 7 memory')},
	{what: 'fixture snapshot with a service: restored, proven alive', unit: 's', values: of('fixture ready')},
	{
		what: 'and its service answers on every node through VIP and mesh',
		unit: 's',
		values: of('fixture answers'),
		goal: 3,
	},
	{what: 'proportional memory of a node in it', unit: 'MiB', values: of('fixture memory'), goal: 420},
];
console.log(
	`kernel ${kernel.release}, Docker ${engine.version}\n\n${table(rows.filter(({values}) => values.length > 0))}`,
);
