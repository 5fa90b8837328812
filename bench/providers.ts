/**
 * Compares the providers: `npm run bench:providers` (add a number for the rounds, default 3; and names of providers, for those alone).
 * In each round each way brings up one manager and two workers, has a service answer on all nodes, and takes them down. `pairs` measures twelve pairs of engines instead, each
 * as one manager and one worker that differ: claims of formation, DNS and overlays. DOCKER_HOST says where containers are.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {execa} from 'execa';
import {openDaemon} from '../harness/machine/daemon.ts';
import {Machine} from '../harness/machine/index.ts';
import type {Cell, MachineHandle, Origin} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';
import * as paths from '../harness/paths.ts';
import {readCells, readConfig, readPackages} from '../harness/plan/resolve.ts';
import {type Lease, leaseFolder} from '../harness/processes/leases.ts';
import {providers} from '../harness/providers/providers.ts';
import {createArtifactSource} from '../harness/provision/artifacts.ts';
import {cellLog} from '../harness/provision/cell-log.ts';
import {provision} from '../harness/provision/provision.ts';
import {type NewEvent, parseRecord} from '../harness/record/record.ts';
import {withHostKernels} from '../harness/run/host-facts.ts';
import {withLease} from './machines.ts';
import {median, proportionalMemory, type Row, table} from './measure.ts';

/** Four engines of managers and three of workers, of the suites of Debian that have them. */
const pairs = {managers: ['20.10@bullseye', '20.10', '26.1', '28.5'], workers: ['20.10', '26.1', '28.5']};

interface Way {
	name: string;
	provider: string;
	origin: Origin;
	/** What only the first one has to make, and which is not measured. */
	madeOnce?: string;
}

/** Of what a way has measured, by name. */
type Figures = Record<string, number[]>;

const ways: Way[] = [
	{name: 'container', provider: 'container', origin: 'cold boot', madeOnce: 'the image of the nodes'},
	{name: 'qemu restored', provider: 'qemu', origin: 'cluster snapshot', madeOnce: 'the snapshots'},
	{name: 'qemu cold', provider: 'qemu', origin: 'cold boot'},
	{name: 'vagrant', provider: 'vagrant', origin: 'cold boot'},
];

/** What is shown of each way. `node up` is until the Docker API of the slowest node answers; seconds otherwise. */
const goals: Record<string, [unit: string, goal?: number]> = {
	'node up': ['s'],
	'swarm formed': ['s', 4],
	'first answer of a service on every node': ['s'],
	'memory of a node': ['MiB', 120],
	down: ['s', 1],
};

/** How many swarms were measured. */
let count = 0;

if (process.argv.includes('pairs')) {
	await measurePairs();
} else {
	await measureWays(Number(process.argv.find(each => /^\d+$/.test(each)) ?? 3));
}

async function measureWays(rounds: number): Promise<void> {
	const measured = new Map<string, Figures>();
	const chosen = ways.filter(({provider}) => process.argv.includes(provider));
	const left = (chosen.length > 0 ? chosen : ways).filter(({provider}) => {
		const isThere = provider !== 'vagrant' || fs.globSync('artifacts/box-*', {cwd: paths.cache}).length > 0;
		if (!isThere) {
			console.log(`${provider}: not run, its box is not in the cache`);
		}

		return isThere;
	});
	await withLease(async lease => {
		for (let round = 1; round <= rounds; round++) {
			for (const way of [...left]) {
				try {
					if (round === 1 && way.madeOnce) {
						await measure(way, lease);
					}

					const figures = measured.get(way.name) ?? {};
					measured.set(way.name, figures);
					for (const [what, value] of Object.entries(await measure(way, lease))) {
						figures[what] = [...(figures[what] ?? []), value];
					}
				} catch (error) {
					console.log(`${way.name}: not run: ${(error as Error).message.split('\n')[0]}`);
					left.splice(left.indexOf(way), 1);
					measured.delete(way.name);
				}
			}

			console.error(`round ${round} of ${rounds} done, load ${os.loadavg()[0]!.toFixed(1)}`);
		}
	});
	const base = measured.get('container') ?? {};
	const rows = [...measured].flatMap(([name, figures]) =>
		Object.entries(goals).flatMap(([what, [unit, goal]]): Row[] => {
			const values = figures[what] ?? [];
			const ratios = values.flatMap((value, index) => (base[what]?.[index] ? [value / base[what][index]!] : []));
			return [
				{what: `${name}: ${what}`, unit, values, ...(name === 'container' && goal !== undefined && {goal})},
				...(name === 'container' || ratios.length === 0 ? [] : [{what: '÷ container', unit: '×', values: ratios}]),
			];
		}),
	);
	console.log(table(rows.filter(({values}) => values.length > 0)));
}

async function measure({provider: name, origin}: Way, lease: Lease): Promise<Record<string, number>> {
	count += 1;
	const provider = providers[name]!;
	const flags = {provider: [name], managers: '1', workers: '2'};
	const loaded = await readConfig(flags);
	const packages = await readPackages(loaded);
	const about = {swarms: true, stacks: false, exercises: false};
	const cells = await readCells(loaded, packages, flags, about, text => console.error(text));
	const [cell] = (await withHostKernels(cells, providers)) as [Cell];
	const artifacts = await createArtifactSource(packages, shown).forCell(cell, provider);
	const folder = leaseFolder(lease, path.join(os.tmpdir(), `slb-${process.pid}-${count}`));
	const request = {
		target: {cell, provider, artifacts},
		places: {
			folder,
			disks: folder,
			runtime: leaseFolder(lease, path.join(paths.runtime, `${lease.id}-${count}`)),
		},
		context: {lease, signal: new AbortController().signal, log: cellLog(cell.id, shown)},
		preferredOrigin: origin,
	};
	const start = performance.now();
	const {up, origin: taken} = await provision(request);
	const formed = seconds(start);
	try {
		if (taken !== origin) {
			throw new Error(`it is a ${taken} and not a ${origin}`);
		}

		const firstAnswer = await answersEverywhere(up.machines);
		const memory = await Promise.all(up.machines.map(memoryOf));
		const ending = performance.now();
		await up.down();
		return {
			'node up': Math.max(...Object.values(up.bootSeconds)),
			'swarm formed': formed,
			'first answer of a service on every node': firstAnswer,
			'memory of a node': median(memory),
			down: seconds(ending),
		};
	} finally {
		await up.down();
		fs.rmSync(folder, {recursive: true, force: true});
	}
}

/** Makes a service with a port in host mode, which needs no ip_vs, and returns the seconds until each node answers. */
async function answersEverywhere(handles: readonly MachineHandle[]): Promise<number> {
	const machines = handles.map(handle => new Machine(handle));
	const start = performance.now();
	await machines[0]!.run(
		'docker service create --detach --name web --mode global --publish mode=host,published=8080,target=80 swarmlab/web',
	);
	await Promise.all(
		machines.map(async machine => {
			while ((await machine.exec(`/bin/busybox wget -q -O /dev/null http://${machine.address}:8080/`)).exitCode !== 0) {
				await delay(50);
			}
		}),
	);
	const taken = seconds(start);
	await Promise.all(machines.map(async machine => machine.disconnect()));
	return taken;
}

/** MiB of this host: of a container with its page cache, as its control group counts it; of a machine the share of its process. */
async function memoryOf({reach, pid}: MachineHandle): Promise<number> {
	if (reach.by !== 'docker-exec') {
		return pid === undefined ? Number.NaN : proportionalMemory(pid);
	}

	const stats = await openDaemon(reach.daemon).getContainer(reach.container).stats({stream: false});
	return stats.memory_stats.usage / 2 ** 20;
}

async function measurePairs(): Promise<void> {
	const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-'));
	const mixes = pairs.managers.flatMap(manager =>
		pairs.workers.flatMap(worker => ['--docker', `m1=${manager},${worker}`]),
	);
	const claims = ['scenarios/formation.ts', 'scenarios/overlays.ts', 'scenarios/dns.ts'];
	const words = ['run', ...claims, '--provider', 'container', '--workers', '1', ...mixes];
	const start = performance.now();
	const {exitCode} = await execa(process.execPath, ['harness/cli.ts', ...words], {
		cwd: packageRoot,
		env: {SWARMLAB_RUNS: runs},
		stdio: ['ignore', 'inherit', 'inherit'],
		reject: false,
	});
	const taken = seconds(start);
	const {events} = parseRecord(fs.readFileSync(fs.globSync(`${runs}/*/run.jsonl`)[0]!, 'utf8'));
	const results = events.flatMap(event => (event.event === 'result' ? [event.result] : []));
	const built = events.flatMap(event => (event.event === 'artifact' && event.state === 'built' ? [event.label] : []));
	const of = (verdict: string) => results.filter(each => each.verdict === verdict).length;
	const cells = new Set(results.map(({cell}) => cell)).size;
	console.log(
		`${cells} pairs of engines in ${taken.toFixed(0)} s (goal: 300), exit code ${exitCode}: ${of('passed')} passed, ${of('failed')} failed, ${of('broken')} broken, ${of('skipped')} skipped; built meanwhile: ${built.join(', ') || 'nothing'}`,
	);
	fs.rmSync(runs, {recursive: true, force: true});
}

function seconds(since: number): number {
	return (performance.now() - since) / 1000;
}

/** Prints events that are unusual or take a while. */
function shown(event: NewEvent): void {
	if (event.event === 'artifact' || event.event === 'notice' || event.event === 'infrastructure-retry') {
		console.error(JSON.stringify(event));
	}
}
