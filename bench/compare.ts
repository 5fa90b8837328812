/**
 * Measures how long it takes to compare two runs: `npm run bench:compare` writes two records of 100,000 results each, in which
 * one claim of 50 differs, and compares them by `swarmlab compare`. Goal: 3 s. Add a number for more rounds.
 */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {nodesOf} from '../harness/model/index.ts';

const rounds = Number(process.argv[2] ?? 5);
const shapes = [
	{name: '1 cell of 100,000 claims', cells: 1, claims: 100_000, repeat: 1},
	{name: '100 cells of 1,000 claims', cells: 100, claims: 1000, repeat: 1},
	{name: '10 cells of 1,000 claims, 10 times each', cells: 10, claims: 1000, repeat: 10},
];
const cli = path.join(import.meta.dirname, '..', 'harness', 'cli.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-compare-'));
const printsUse = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process._rawDebug("used",u.maxRSS,u.userCPUTime+u.systemCPUTime)})`;

try {
	console.log(
		`Node ${process.version}, ${os.cpus().length} CPUs, load ${os.loadavg()[0]!.toFixed(1)}, ${rounds} rounds\n\n| two runs of | seconds (median, range) | CPU s (median) | peak MiB (most) |\n|---|---|---|---|`,
	);
	for (const shape of shapes) {
		const runs = ['a', 'b'].map(side => writeRecord(shape, side));
		const measured = Array.from({length: rounds}, () => {
			const start = performance.now();
			const {stderr, stdout, status} = spawnSync(process.execPath, ['--import', printsUse, cli, 'compare', ...runs], {
				encoding: 'utf8',
				maxBuffer: 2 ** 28,
			});
			const seconds = (performance.now() - start) / 1000;
			if (status !== 0 || !/claims of \d+ differ/.test(stdout)) {
				throw new Error(`compare ended with ${status}: ${stderr}`);
			}

			const [, peak, cpu] = /used (\d+) (\d+)/.exec(stderr) ?? [];
			return {seconds, peak: Number(peak) / 1024, cpu: Number(cpu) / 1e6};
		});
		const all = measured.map(({seconds}) => seconds);
		console.log(
			`| ${shape.name} | ${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}) | ${median(measured.map(({cpu}) => cpu)).toFixed(2)} | ${Math.max(...measured.map(({peak}) => peak)).toFixed(0)} |`,
		);
	}
} finally {
	fs.rmSync(folder, {recursive: true});
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Writes a record like that of a real run. Returns its folder. */
function writeRecord({name, cells, claims, repeat}: (typeof shapes)[number], side: string): string {
	const run = path.join(folder, `${name.replaceAll(/\W+/g, '-')}-${side}`);
	fs.mkdirSync(run);
	const file = fs.openSync(path.join(run, 'run.jsonl'), 'w');
	let clock = Date.parse('2026-11-22T22:40:00.000Z');
	const emit = (event: object) => {
		clock += 20;
		fs.writeSync(file, `${JSON.stringify({at: new Date(clock).toISOString(), ...event})}\n`);
	};
	const ids = Array.from({length: cells}, (_, index) => `qemu-k6.1.${index}-d26.1.5-1m0w`);
	const titles = Array.from({length: claims}, (_, index) => `the claim number ${index} holds on every node`);
	const nodes = nodesOf(
		{managers: 1, workers: 0, memory: 1024, cpus: 1},
		{
			kernel: {label: '6.1.1', release: '6.1.1', source: {type: 'directory', path: '/'}},
			engine: {
				label: '26.1.5',
				version: '26.1.5',
				source: {type: 'tarball', location: '/', sha256: '', suite: 'trixie'},
			},
		},
	);
	emit({
		event: 'run-started',
		schema: 3,
		run: path.basename(run),
		command: ['swarmlab', 'run'],
		host: {
			hostname: 'bench',
			os: 'Debian',
			kernel: '6.1',
			cpus: 2,
			memory: 1024,
			facts: {},
			accelerator: 'tcg',
			acceleratorReason: '',
			swarmlab: '0.1.0',
		},
		cells: ids.map(id => ({id, provider: 'qemu', subject: 'swarm', nodes})),
		scenarios: titles.map(title => ({title, file: 'scenarios/bench.ts'})),
	});
	for (const cell of ids) {
		for (let repetition = 1; repetition <= repeat; repetition++) {
			for (const [index, title] of titles.entries()) {
				const fails = index % 50 === 0 && side === 'b';
				emit({
					event: 'result',
					result: {
						...{cell, title, file: 'scenarios/bench.ts', repetition, verdict: fails ? 'failed' : 'passed'},
						...(fails && {reason: {message: `request ${index} hung`, type: 'AssertionError', details: ''}}),
						...{
							startedAt: new Date(clock).toISOString(),
							seconds: 1 + (index % 7) / 10,
							metrics: {},
							evidence: [],
							log: [],
						},
					},
				});
			}
		}

		emit({event: 'cell-finished', cell, outcome: {state: 'tested'}, seconds: 10});
	}

	emit({event: 'run-finished', seconds: 100});
	fs.closeSync(file);
	return run;
}
