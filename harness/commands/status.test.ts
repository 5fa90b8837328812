import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {shellLines} from '../machine/shell-lines.ts';
import type {MachineHandle} from '../model/index.ts';
import {usageOf} from '../run/usage.ts';
import {type CellStatus, statusLines} from './status-read.ts';

const machine: MachineHandle = {
	...{name: 'm1', role: 'manager', address: '10.99.0.1', console: '/nowhere'},
	reach: {by: 'ssh', host: '127.0.0.1', port: 2222, user: 'root', identityFile: "/home/o'b/key", controlPath: '/c'},
	engine: {socket: '/run/m1.sock', port: 2375},
};

test('lines to paste are quoted for a shell, and lead to the machine by its own way', t => {
	t.deepEqual(shellLines(machine), {
		shell:
			"ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -i '/home/o'\\''b/key' -p 2222 root@127.0.0.1",
		docker: 'docker -H tcp://127.0.0.1:2375',
	});
	t.deepEqual(
		shellLines({
			...machine,
			reach: {by: 'docker-exec', daemon: {url: 'unix:///var/run/docker.sock'}, container: 'sl-m1'},
			engine: {socket: '/run/m1.sock'},
		}),
		{
			shell: 'docker -H unix:///var/run/docker.sock exec -it sl-m1 bash',
			docker: 'docker -H unix:///run/m1.sock',
		},
	);
});

const cell: CellStatus = {
	...{cell: 'qemu-k6.1-d20.10-1m1w', run: 'hand-1', since: '2026-11-27T01:00:00.000Z', provider: 'qemu'},
	...{origin: 'cluster snapshot', kernel: '6.1.0-56', underTest: 'Docker 20.10.24', reservedMib: 2048},
	usage: {processes: 3, memoryMib: 900, diskMib: 12},
	nodes: [
		{
			...{name: 'm1', role: 'manager', address: '10.99.0.1', kernel: '6.1.0-56', engine: '20.10.24'},
			...shellLines(machine),
		},
		{
			...{name: 'w1', role: 'worker', address: '10.99.0.2', kernel: '6.1.0-56', engine: '20.10.24', running: false},
			...shellLines(machine),
		},
	],
	faults: [],
	folder: '/runs/hand-1',
};

const now = Date.parse('2026-11-27T01:05:00.000Z');
const fault = {
	...{
		id: 1,
		matched: 9,
		dropped: 9,
		changed: 0,
		what: 'arp is dropped',
		by: 'by hand',
		since: '2026-11-27T01:01:00.000Z',
	},
	fault: {match: {}, action: {do: 'drop' as const}},
};

test('a cell that is up is told with its nodes, its faults, and what to paste', t => {
	const lines = statusLines({cells: [{...cell, faults: [fault]}], others: []}, now);
	t.is(lines[0], 'qemu-k6.1-d20.10-1m1w (hand-1), up since 2026-11-27 01:00 UTC, 5 min');
	t.true(lines.includes('  reserved 2048 MiB of memory; takes 900 MiB and 12 MiB of disk'));
	t.true(lines.some(line => /^ {2}w1 +worker +10\.99\.0\.2 .*its process has ended$/.test(line)));
	t.true(lines.includes('    1  arp is dropped (by hand; 9 frames dropped)'));
	const inNode = {
		...{id: 'n1', node: 'w1', fault: 'stop-engine', options: {}, what: 'dockerd of w1 is stopped'},
		...{shown: '', by: 'a claim', since: ''},
	};
	t.true(
		statusLines({cells: [{...cell, faults: [inNode]}], others: []}, now).includes(
			'    n1  dockerd of w1 is stopped (a claim)',
		),
	);
	t.true(lines.includes('    swarmlab exec m1 --cell hand-1 -- docker node ls'));
	t.is(lines.at(-1), '  swarmlab down hand-1');
	t.true(statusLines({cells: [cell], others: []}, now).includes('  no fault is on'));
});

test('a switch that does not answer is told, and not that no fault is on', t => {
	const lines = statusLines({cells: [{...cell, trouble: 'it does not answer'}], others: []}, now);
	t.true(lines.includes('  its faults are not known: it does not answer'));
	t.false(lines.includes('  no fault is on'));
});

test('runs under way and dead ones are named; if nothing is up, it says what to do', t => {
	const since = '2026-11-27T01:00:00.000Z';
	t.deepEqual(
		statusLines(
			{
				cells: [],
				others: [
					{id: 'r1', since, pid: 7, dead: false},
					{id: 'r2', since, pid: 8, dead: true},
				],
			},
			now,
		),
		['r1 is under way since 2026-11-27 01:00 UTC (process 7)', 'r2 is dead and has left something: swarmlab gc'],
	);
	t.regex(statusLines({cells: [], others: []}, now).join('\n'), /^Nothing is up on this host\. .*swarmlab up\b/);
});

test('the disk that folders take is what their files have, holes left out', t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-usage-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	fs.mkdirSync(path.join(folder, 'a'));
	fs.writeFileSync(path.join(folder, 'a', 'full'), Buffer.alloc(3 << 20, 1));
	fs.truncateSync(path.join(folder, 'a', 'full'), 3 << 20);
	fs.writeFileSync(path.join(folder, 'hole'), '');
	fs.truncateSync(path.join(folder, 'hole'), 1 << 30);
	const {diskMib, processes} = usageOf({id: 'no such lease', folders: [folder, path.join(folder, 'gone')]});
	t.deepEqual([diskMib, processes], [3, 0]);
});
