/**
 * Measures how fast a log of stack.sh is read: `npm run bench:stack-log` writes a log of 1 GiB (or as many MiB as the number
 * says) that fails at its end, reads it in pieces as from a machine, and prints the seconds and this process's memory.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {StackReader} from '../harness/devstack/index.ts';
import {residentMemory} from './measure.ts';

const mebibytes = Number(process.argv[2] ?? 1024);
const goal = 10;

/** Lines as in a real log: xtrace with a stamp, and sometimes an error that explains nothing. */
const usual = [
	'2016-04-26 10:30:11.345 | + functions-common:git_timed:603 : [[ -n "" ]]',
	'2016-04-26 10:30:11.352 | Collecting oslo.config>=3.7.0 (from -r /opt/stack/requirements/global-requirements.txt (line 121))',
	"2016-04-26 10:30:11.360 | + lib/nova:start_nova_rest:812 :   run_process n-api '/usr/local/bin/nova-api --config-file /etc/nova/nova.conf'",
	'2016-04-26 10:30:12.001 | Get:17 http://archive.example.org/ubuntu trusty/main amd64 libvirt-bin amd64 1.2.2-0ubuntu13 [812 kB]',
	'2016-04-26 10:30:12.442 |   Downloading oslo.utils-3.8.0-py2.py3-none-any.whl (78kB): 100% \u001B[K',
];
const rare = '2016-04-26 10:30:13.100 | ERROR: virtualenv is not compatible with this system or executable\n';
const end = [
	'2016-04-26 10:51:50.000 | fatal: unable to connect to git.example.org:',
	'2016-04-26 10:51:50.100 | [ERROR] /opt/stack/devstack/functions-common:603 git call failed: [git clone git://git.example.org/x /opt/stack/x]',
	'2016-04-26 10:51:50.200 | Error on exit',
	'',
].join('\n');

const file = path.join(os.tmpdir(), `swarmlab-stack-${process.pid}.log`);
try {
	write(file, mebibytes);
	const {size} = fs.statSync(file);
	const seconds: number[] = [];
	const cpuSeconds: number[] = [];
	let peak = 0;
	for (let round = 0; round < 3; round++) {
		const reader = new StackReader();
		const start = performance.now();
		const before = process.cpuUsage();
		for await (const bytes of fs.createReadStream(file, {highWaterMark: 256 * 1024})) {
			reader.write(bytes as Buffer);
		}

		reader.end();
		seconds.push((performance.now() - start) / 1000);
		const {user, system} = process.cpuUsage(before);
		cpuSeconds.push((user + system) / 1e6);
		peak = Math.max(peak, residentMemory(fs.readFileSync('/proc/self/status', 'utf8')));
		const {signature} = reader.failure(1);
		if (signature?.name !== 'git blocked') {
			throw new Error(`The cause was not found: ${signature?.name}`);
		}
	}

	const best = Math.min(...seconds);
	console.log(
		`${(size / 2 ** 20).toFixed(0)} MiB: ${seconds.map(each => each.toFixed(2)).join(', ')} s (goal ≤ ${goal} for 1 GiB), of a CPU ${cpuSeconds.map(each => each.toFixed(2)).join(', ')} s, ${(size / 2 ** 20 / best).toFixed(0)} MiB/s, ${peak.toFixed(0)} MiB resident`,
	);
	process.exitCode = (best * 1024) / mebibytes <= goal ? 0 : 1;
} finally {
	fs.rmSync(file, {force: true});
}

function write(name: string, size: number): void {
	const lines = `${Array.from({length: 5000}, (_, index) => usual[index % usual.length]).join('\n')}\n${rare}`;
	const block = Buffer.from(lines);
	const descriptor = fs.openSync(name, 'w');
	for (let written = 0; written < size * 2 ** 20; written += block.length) {
		fs.writeSync(descriptor, block);
	}

	fs.writeSync(descriptor, end);
	fs.closeSync(descriptor);
}
