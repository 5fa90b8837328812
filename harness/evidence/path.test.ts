import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {pathProbe} from './path.ts';

/** Runs the probe's command where this is `ping`. Returns its line about the LAN. */
function lineWith(t: ExecutionContext, ping: string): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-path-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const write = (name: string, text: string) =>
		fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, {mode: 0o755});
	write('ping', ping);
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

/** The same, where `ping` prints these statistics, for a burst and for one by one. */
const lineOf = (t: ExecutionContext, burst: string, oneByOne: string) =>
	lineWith(t, `case "$*" in *' -l '*) echo "${burst}" ;; *) echo "${oneByOne}" ;; esac`);

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

// The kernel of the receiver drops all but one of the first packets of a flow if they arrive together.
const identifier = 'id=; while [ $# -gt 0 ]; do [ "$1" = -e ] && id=$2; shift; done';
const remember = (folder: string) => `[ "$id" ] && echo > ${folder}/$id`;

test('a request with the same identifier goes before a burst', t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-path-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const ping = `all="$*"; ${identifier}
case $all in *' -c 1 '*) ${remember(folder)} ;; *' -l '*) [ -e ${folder}/$id ] && echo "${answered(200)}" || echo "${answered(193)}" ;; *) echo "${answered(1)}" ;; esac`;
	t.is(lineWith(t, ping), `lan 127.0.0.2 icmp: ${answered(200)}`);
});

test('a ping that knows no identifiers gets none, and sends one by one', t => {
	const ping = `case "$*" in *' -e '*) exit 2 ;; *' -l '*) echo "${answered(193)}" ;; *) echo "${answered(200)}" ;; esac`;
	t.is(lineWith(t, ping), `lan 127.0.0.2 icmp: ${answered(200)}`);
});
