import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {pathProbe} from './path.ts';

/** Runs the probe's command where `ping` prints these statistics, for a burst and for one by one. Returns its line about the LAN. */
function lineOf(t: ExecutionContext, burst: string, oneByOne: string): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-path-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const write = (name: string, text: string) =>
		fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, {mode: 0o755});
	write('ping', `case "$*" in *' -l '*) echo "${burst}" ;; *) echo "${oneByOne}" ;; esac`);
	write('ip', 'echo');
	const command = `bb= ping=${folder}/ping\n${pathProbe([{role: 'worker', address: '127.0.0.2'}]).command}`;
	const said = execFileSync('bash', ['-c', command], {
		encoding: 'utf8',
		env: {PATH: `${folder}:${process.env.PATH}`},
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return said
		.split('\n')
		.find(line => line.startsWith('lan 127.0.0.2 icmp: '))!
		.trim();
}

const answered = (received: number) =>
	`200 packets transmitted, ${received} received, ${(200 - received) / 2}% packet loss`;

test('requests that were lost in a burst are sent again one by one, and only that counts', t => {
	t.is(lineOf(t, answered(194), answered(200)), `lan 127.0.0.2 icmp: ${answered(200)}`);
	t.is(lineOf(t, answered(194), answered(190)), `lan 127.0.0.2 icmp: ${answered(190)}`);
	t.is(lineOf(t, answered(199), answered(200)), `lan 127.0.0.2 icmp: ${answered(200)}`);
});

test('where all or none were answered, nothing is sent again', t => {
	t.is(lineOf(t, answered(200), answered(7)), `lan 127.0.0.2 icmp: ${answered(200)}`);
	t.is(lineOf(t, answered(0), answered(7)), `lan 127.0.0.2 icmp: ${answered(0)}`);
	t.is(lineOf(t, answered(194), 'ended by its time'), `lan 127.0.0.2 icmp: ${answered(194)}`);
});
