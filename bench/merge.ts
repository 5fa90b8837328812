/**
 * Measures `swarmlab merge`: 20 records of 5000 results each. Goal: 3 s. `node bench/merge.ts` prints the seconds and the CPU
 * seconds of each of three rounds, and the load.
 */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {nodesOf} from '../harness/model/index.ts';

const [shards, cellsEach, claims] = [20, 10, 500];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-merge-'));
const cli = path.join(import.meta.dirname, '..', 'harness', 'cli.ts');
const at = '2026-11-27T02:00:00.000Z';
const printsUse = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process._rawDebug("used",u.maxRSS,u.userCPUTime+u.systemCPUTime)})`;

const kernel = {label: '6.1.180', release: '6.1.0', source: {type: 'directory' as const, path: '/'}};
const source = {type: 'tarball' as const, location: '/x.tgz', sha256: '', suite: 'bookworm'};
const nodes = nodesOf(
	{managers: 1, workers: 2, memory: 1024, cpus: 1},
	{kernel, engine: {label: '26.1.5', version: '26.1.5', source}},
);
const cells = Array.from({length: shards * cellsEach}, (_, index) => ({
	id: `qemu-k6.1.${index}-d26.1.5-1m2w`,
	provider: 'qemu',
	subject: 'swarm' as const,
	nodes,
}));
const scenarios = Array.from({length: claims}, (_, index) => ({
	title: `claim number ${index} holds on every node of the cell`,
	file: `scenarios/file-${index % 20}.ts`,
	line: index,
}));
const host = {
	...{hostname: 'bench', os: 'Debian', kernel: '6.1', cpus: 2, memory: 24_064, facts: {}},
	...{accelerator: 'tcg', acceleratorReason: 'there is no /dev/kvm', swarmlab: '0.1.0'},
};

/** Writes the record of a shard: each of its cells with every claim, of which one in fifty fails. */
function writeShard(number: number): string {
	const own = cells.slice((number - 1) * cellsEach, number * cellsEach);
	const lines: object[] = [
		{
			...{at, event: 'run-started', schema: 3, run: `shard-${number}`, command: ['swarmlab', 'run'], host},
			...{cells: own, scenarios, plan: {id: 'bench', shard: number, of: shards, cells}},
		},
	];
	for (const {id: cell} of own) {
		lines.push({at, event: 'cell-stage', cell, stage: 'scenarios'});
		for (const [index, {title, file}] of scenarios.entries()) {
			const failed = index % 50 === 0;
			const reason = {message: `claim ${index} failed`, type: 'AssertionError', details: 'Difference:\n- 1\n+ 2'};
			const result = {
				...{cell, title, file, repetition: 1, verdict: failed ? 'failed' : 'passed', startedAt: at, seconds: 1.5},
				...{metrics: {}, evidence: [], log: [], ...(failed && {reason})},
			};
			lines.push({at, event: 'result', result});
		}

		lines.push({at, event: 'cell-finished', cell, outcome: {state: 'tested'}, seconds: 90});
	}

	lines.push({at, event: 'run-finished', seconds: 900});
	const place = path.join(folder, `shard-${number}`);
	fs.mkdirSync(place);
	fs.writeFileSync(path.join(place, 'run.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''));
	return place;
}

try {
	const places = Array.from({length: shards}, (_, index) => writeShard(index + 1));
	for (let round = 1; round <= 3; round++) {
		const start = performance.now();
		const {status, stderr} = spawnSync(process.execPath, ['--import', printsUse, cli, 'merge', ...places], {
			encoding: 'utf8',
			env: {...process.env, SWARMLAB_RUNS: path.join(folder, 'runs'), SWARMLAB_STATE: path.join(folder, 'state')},
		});
		const [, kib, microseconds] = /used (\d+) (\d+)/.exec(stderr) ?? [];
		const seconds = (performance.now() - start) / 1000;
		console.log(
			`round ${round}: ${seconds.toFixed(2)} s, ${(Number(microseconds) / 1e6).toFixed(2)} CPU-s, ${Math.round(Number(kib) / 1024)} MiB, exit code ${status}, load ${os.loadavg()[0]!.toFixed(1)}`,
		);
	}
} finally {
	fs.rmSync(folder, {recursive: true, force: true});
}
