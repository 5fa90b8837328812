/**
 * Measures how reports grow with the record: `npm run bench:reports` writes records of 10,000, 20,000 and 40,000 claims in one
 * cell and of 100,000 results over many cells. `swarmlab report` makes their reports, and the bench prints seconds and peak
 * memory of that process. Goals: 5 CPU seconds and 300 MiB for 100,000 results, and for twice the claims at most about twice
 * the time.
 * Ratios are of CPU seconds, which a busy host changes less. Sizes take turns (in five rounds with `npm run bench:reports 5`),
 * so compared sizes were measured in the same minutes.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

interface Size {
	name: string;
	cells: number;
	claims: number;
	/** One result in so many fails, with a text of its own. */
	failing: number;
}

const sizes: Size[] = [
	{name: 'one cell, 10,000 claims', cells: 1, claims: 10_000, failing: 50},
	{name: 'one cell, 20,000 claims', cells: 1, claims: 20_000, failing: 50},
	{name: 'one cell, 40,000 claims', cells: 1, claims: 40_000, failing: 50},
	{name: 'one cell, 100,000 claims', cells: 1, claims: 100_000, failing: 50},
	{name: '100 cells of 1,000 claims', cells: 100, claims: 1000, failing: 50},
	{name: '1,000 cells of 100 claims', cells: 1000, claims: 100, failing: 50},
	{name: '100 cells of 1,000 claims, all fail', cells: 100, claims: 1000, failing: 1},
];

const rounds = Number(process.argv[2] ?? 3);
const loadBefore = os.loadavg()[1]!;
const cli = path.join(import.meta.dirname, '..', 'harness', 'cli.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-reports-'));
/** The measured process prints its use when it ends: KiB and microseconds. */
const printsUse = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process._rawDebug("used",u.maxRSS,u.userCPUTime+u.systemCPUTime)})`;

const host = {
	hostname: 'bench',
	os: 'Debian GNU/Linux 12 (bookworm)',
	kernel: '6.1.0-52-amd64',
	cpus: 2,
	memory: 24_064,
	facts: {qemu: 'QEMU emulator version 7.2.22'},
	accelerator: 'tcg',
	acceleratorReason: 'there is no /dev/kvm',
	swarmlab: '0.1.0',
};

try {
	const measured = sizes.map(size => ({
		size,
		bytes: writeRecord(size),
		seconds: [] as number[],
		cpuSeconds: [] as number[],
		peaks: [] as number[],
	}));
	for (let round = 0; round < rounds; round++) {
		for (const {size, seconds, cpuSeconds, peaks} of measured) {
			const start = performance.now();
			const {stderr, status} = spawnSync(process.execPath, ['--import', printsUse, cli, 'report', runOf(size)], {
				encoding: 'utf8',
			});
			seconds.push((performance.now() - start) / 1000);
			const [, peak, cpu] = /used (\d+) (\d+)/.exec(stderr) ?? [];
			peaks.push(Number(peak) / 1024);
			cpuSeconds.push(Number(cpu) / 1e6);
			if (status !== 0) {
				throw new Error(`report ended with ${status}: ${stderr}`);
			}
		}
	}

	const one = median(measured[0]!.cpuSeconds);
	console.log(
		`Node ${process.version}, ${os.cpus().length} CPUs, ${execFileSync('date', ['-I'], {encoding: 'utf8'}).trim()}, load of the host ${loadBefore.toFixed(1)} before and ${os.loadavg()[1]!.toFixed(1)} after (5 minutes), ${rounds} rounds\n`,
	);
	console.log(
		'| record | size | seconds (median, range) | CPU s (median) | ÷ first | peak MiB (most) |\n|---|---|---|---|---|---|',
	);
	for (const {size, bytes, seconds, cpuSeconds, peaks} of measured) {
		const range = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`;
		console.log(
			`| ${size.name} | ${(bytes / 1e6).toFixed(1)} MB | ${median(seconds).toFixed(2)} (${range}) | ${median(cpuSeconds).toFixed(2)} | ${(median(cpuSeconds) / one).toFixed(2)} × | ${Math.max(...peaks).toFixed(0)} |`,
		);
	}
} finally {
	fs.rmSync(folder, {recursive: true});
}

function runOf({name}: Size): string {
	return path.join(folder, name.replaceAll(/\W+/g, '-'));
}

/** Writes a record like that of a real run. Returns its size in bytes. */
function writeRecord(size: Size): number {
	const run = runOf(size);
	fs.mkdirSync(run);
	const file = path.join(run, 'run.jsonl');
	const descriptor = fs.openSync(file, 'w');
	let lines: string[] = [];
	let clock = Date.parse('2026-11-22T22:40:00.000Z');
	const flush = () => {
		fs.writeSync(descriptor, lines.join(''));
		lines = [];
	};

	const emit = (event: object) => {
		clock += 20;
		lines.push(`${JSON.stringify({at: new Date(clock).toISOString(), ...event})}\n`);
		if (lines.length > 5000) {
			flush();
		}
	};

	const cells = Array.from({length: size.cells}, (_, index) => cellNumber(index));
	const scenarios = Array.from({length: size.claims}, (_, index) => ({
		title: `claim ${index}: a service answers on every node, from every task in turn`,
		file: `scenarios/file-${index % 100}.ts`,
		line: 1 + (index % 300),
	}));
	emit({event: 'run-started', schema: 1, run: 'bench', command: ['swarmlab', 'run'], host, cells, scenarios});
	for (const {id: cell} of cells) {
		emit({event: 'cell-stage', cell, stage: 'scenarios'});
		for (const [index, scenario] of scenarios.entries()) {
			const {title, file} = scenario;
			emit({event: 'scenario-started', cell, title, file, repetition: 1});
			emit({event: 'result', result: resultOf(cell, scenario, index, size)});
		}

		emit({event: 'cell-finished', cell, outcome: {state: 'tested'}, seconds: 90});
	}

	emit({event: 'run-finished', seconds: 100});
	flush();
	fs.closeSync(descriptor);
	return fs.statSync(file).size;
}

function resultOf(cell: string, scenario: {title: string; file: string}, index: number, {failing}: Size): object {
	const fails = index % failing === 0;
	const message = `of 6 requests to w2 number ${1 + (index % 6)} was refused (claim ${index})`;
	return {
		cell,
		...scenario,
		repetition: 1,
		verdict: fails ? 'failed' : 'passed',
		...(fails && {
			reason: {
				message,
				type: 'AssertionError',
				details: `${message}\n${`    at ${cell} in scenarios/vip.ts:12:7\n`.repeat(8)}`,
			},
		}),
		startedAt: new Date(1_800_000_000_000 + index * 40).toISOString(),
		seconds: 1.25,
		origin: 'cluster snapshot',
		metrics: index % 20 === 0 ? {'first answer': 0.021} : {},
		evidence: fails ? [`cells/${cell}/evidence/${index}/m1.txt`] : [],
		log: ['30 connections from m1: 10 to each of 3 tasks', `asked by claim ${index}`],
	};
}

function cellNumber(index: number) {
	const [kernel, engine] = [`6.${index % 40}.1`, `26.${Math.floor(index / 40)}.5`];
	const from = {name: 'p', version: '1', suite: 'bookworm'};
	return {
		id: `qemu-k${kernel}-d${engine}-1m2w`,
		provider: 'qemu',
		subject: 'swarm',
		nodes: ['m1', 'w1', 'w2'].map(name => ({
			name,
			role: name === 'm1' ? 'manager' : 'worker',
			kernel: {label: kernel, release: `${kernel}-amd64`, source: {type: 'package', package: from}},
			engine: {label: engine, version: engine, source: {type: 'package', package: from, suite: 'bookworm'}},
			memory: 1024,
			cpus: 1,
		})),
	};
}

function median(values: number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
