/**
 * Measures the history: `npm run bench:history` writes 1000 runs of 240 results, indexes them from nothing, and asks for the
 * strips of one claim. Goals: 10 seconds for the index, 100 ms for a question; an index that is up to date is looked through
 * in the same process. Each is measured in five rounds (`npm run bench:history 9` for another number).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {openHistory} from '../harness/history/history.ts';
import {storeFile} from '../harness/history/store.ts';
import type {HostFacts} from '../harness/model/index.ts';
import {nodesOf} from '../harness/model/index.ts';
import {openRecord} from '../harness/record/record.ts';
import {type Row, table} from './measure.ts';

const rounds = Number(process.argv[2] ?? 5);
const loadBefore = os.loadavg()[0]!;
const [runs, cells, claims] = [1000, 12, 20];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-history-'));
const host: HostFacts = {
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
	for (let index = 0; index < runs; index++) {
		writeRun(index);
	}

	const measured: Record<string, number[]> = {index: [], open: [], question: [], all: []};
	const note = (what: string, work: () => void) => {
		const start = performance.now();
		work();
		measured[what]!.push((performance.now() - start) / 1000);
	};

	let megabytes = 0;
	for (let round = 0; round < rounds; round++) {
		removeStore();
		note('index', () => openHistory(folder).close());
		megabytes = fs.statSync(storeFile(folder)).size / 1e6;
		let history = openHistory(folder);
		history.close();
		note('open', () => {
			history = openHistory(folder);
		});
		note('question', () => {
			const strips = history.strips({scenario: 'claim 7:', cell: 'd26.1.3'});
			if (strips[0]?.points.length !== runs || strips.length !== 1) {
				throw new Error('the answer is wrong');
			}
		});
		note('all', () => void history.strips({runs: 100}));
		history.close();
	}

	const rows: Row[] = [
		{
			what: `index ${runs} runs of ${cells * claims} results from nothing`,
			unit: 's',
			values: measured.index!,
			goal: 10,
		},
		{what: 'open an index that is up to date', unit: 'ms', values: inMs(measured.open!)},
		{what: 'one claim on one cell, all runs', unit: 'ms', values: inMs(measured.question!), goal: 100},
		{what: 'every claim on every cell, the newest 100 runs', unit: 'ms', values: inMs(measured.all!)},
	];
	console.log(
		`Node ${process.version}, ${os.cpus().length} CPUs, load ${loadBefore.toFixed(1)} before and ${os.loadavg()[0]!.toFixed(1)} after (1 minute); the index has ${megabytes.toFixed(0)} MB\n\n${table(rows)}`,
	);
} finally {
	removeStore();
	fs.rmSync(folder, {recursive: true});
}

function removeStore(): void {
	for (const end of ['', '-wal', '-shm']) {
		fs.rmSync(`${storeFile(folder)}${end}`, {force: true});
	}
}

function inMs(seconds: number[]): number[] {
	return seconds.map(each => each * 1000);
}

function writeRun(index: number): void {
	const at = new Date(Date.parse('2026-01-01T02:00:00.000Z') + index * 6 * 3600 * 1000);
	const run = `${at.toISOString().slice(0, 19).replaceAll(':', '-')}-aa`;
	fs.mkdirSync(path.join(folder, run));
	const file = path.join(folder, run, 'run.jsonl');
	const lines: object[] = [];
	const scenarios = Array.from({length: claims}, (_, claim) => ({
		title: `claim ${claim}: a service answers on every node, from every task in turn`,
		file: `scenarios/file-${claim % 7}.ts`,
		line: 5,
	}));
	const all = Array.from({length: cells}, (_, cell) => ({
		id: `qemu-k6.1.180-d26.1.${cell}-1m2w`,
		provider: 'qemu',
		subject: 'swarm' as const,
		nodes: nodesOf(
			{managers: 1, workers: 2, memory: 1024, cpus: 1},
			{
				kernel: {label: '6.1.180', release: '6.1.0-52-cloud-amd64', source: {type: 'directory', path: '/'}},
				engine: {
					label: `26.1.${cell}`,
					version: `26.1.${cell}`,
					source: {type: 'tarball', location: '/', sha256: '', suite: 'bookworm'},
				},
			},
		),
	}));
	// The writer of records appends line by line, which is slow for so many: it writes the first line, which has the schema.
	openRecord(path.join(folder, run), () => at).append({
		event: 'run-started',
		...{run, command: ['swarmlab', 'run'], host, cells: all, scenarios},
	});
	for (const cell of all) {
		lines.push({event: 'cell-stage', cell: cell.id, stage: 'scenarios'});
		for (const [claim, {title, file, line}] of scenarios.entries()) {
			const fails = (index + claim * 31) % 97 === 0;
			lines.push({event: 'scenario-started', cell: cell.id, title, file, repetition: 1});
			lines.push({
				event: 'result',
				result: {
					...{cell: cell.id, title, file, line, repetition: 1, verdict: fails ? 'failed' : 'passed'},
					...(fails && {reason: {message: 'm1 got 3 of 5 answers', type: 'NotProvenError', details: 'x'.repeat(500)}}),
					...{startedAt: at.toISOString(), seconds: 2 + ((index * 7 + claim) % 10) / 10, origin: 'cluster snapshot'},
					...{metrics: {'first answer': 0.021}, evidence: [], log: ['from m1: 10 answers']},
				},
			});
		}

		lines.push({event: 'cell-finished', cell: cell.id, outcome: {state: 'tested'}, seconds: 60});
	}

	lines.push({event: 'run-finished', seconds: 900});
	fs.appendFileSync(file, lines.map(each => `${JSON.stringify({at: at.toISOString(), ...each})}\n`).join(''));
}
