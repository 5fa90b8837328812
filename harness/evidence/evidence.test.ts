import {spawnSync} from 'node:child_process';
import dgram from 'node:dgram';
import {once} from 'node:events';
import {mkdtempSync, readFileSync} from 'node:fs';
import net, {type AddressInfo} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {takeEvidence} from './evidence.ts';
import {probes, scriptOf} from './probes.ts';
import {sockets, socketsOfProcesses} from './sockets.ts';
import {stackProbes} from './stack-probes.ts';

test('every probe has a file of its own', t => {
	t.is(new Set(probes.map(({name}) => name)).size, probes.length);
});

test('a command that is quoted for a namespace holds no quote of that kind', t => {
	const quoted = probes.filter(({place}) => place !== 'node' && place !== 'manager');
	t.deepEqual(
		quoted.filter(({command}) => command.includes("'")),
		[],
	);
});

test('a probe of namespaces says which one it looks into', t => {
	t.is(
		scriptOf({name: 'x', place: {namespaces: 'lb_'}, command: 'ipvsadm -Ln'}),
		`for f in /var/run/docker/netns/lb_*; do [ -e "$f" ] || continue; echo "=== $f"; nsenter --net="$f" -- sh -c 'ipvsadm -Ln'; done`,
	);
});

test('a probe of a node is its command', t => {
	t.is(scriptOf({name: 'x', place: 'node', command: 'uname -a'}), 'uname -a');
});

test('what passed the LAN is kept where the LAN can be asked', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-evidence-'));
	const counters = path.join(folder, 'lan.sock');
	const server = net.createServer(connection => connection.end('{"m1":{}}')).listen(counters);
	await once(server, 'listening');
	t.teardown(() => server.close());
	const asked = path.join(folder, 'asked');
	const options = {folder: asked, reason: 'a test'};
	t.deepEqual(await takeEvidence([], {machines: [], lan: {by: 'switch', counters}}, options), [
		path.join(asked, 'lan.json'),
		path.join(asked, 'reason.txt'),
	]);
	t.deepEqual(JSON.parse(readFileSync(path.join(asked, 'lan.json'), 'utf8')), {m1: {}});
	const without = path.join(folder, 'without');
	t.deepEqual(await takeEvidence([], {machines: []}, {...options, folder: without}), [
		path.join(without, 'reason.txt'),
	]);
});

/** What makes the kernel load something, or a namespace have it, unless it is there: and how a probe may run it all the same. */
const loading: [program: RegExp, guard?: RegExp][] = [
	// Netlink families of their own.
	[/\b(ss|conntrack)\b(?! *[.:])/],
	// A table by its name, and what lists or changes by chains.
	[/\bip6?tables(-legacy|-nft)?(-save)? [^;]*(-t|-L|-S)\b/],
	[/\b(modprobe|insmod|ebtables|arptables|ipset|ip6tables\S*)\b/],
	[/\bipvsadm\b/, /if \[ -e \/proc\/net\/ip_vs \]; then [^\n]*?; fi/g],
	[/\biptables-save\b/, /if readlink -f [^\n]*?; else iptables-save -c; fi/g],
	[/\b(nft list|iptables-nft-save)\b/, /if \[ -e \/sys\/module\/nf_tables \] [^\n]*?; fi/g],
];

const all = [...probes.map(each => ({...each, of: 'swarm'})), ...stackProbes.map(each => ({...each, of: 'stack'}))];

for (const {name, of, command} of all) {
	test(`the probe ${name} of a ${of} makes the kernel load nothing`, t => {
		for (const [program, guard] of loading) {
			t.notRegex(guard ? command.replaceAll(guard, '') : command, program);
		}
	});
}

test('every probe is a script that a plain shell can read', t => {
	for (const probe of [...probes, ...stackProbes]) {
		const {status, stderr} = spawnSync('sh', ['-n', '-c', scriptOf(probe)], {encoding: 'utf8'});
		t.is(status, 0, `${probe.name}: ${stderr}`);
	}
});

/** With this host's awk: nodes have busybox's only. test/real/guest-programs.test.ts runs it there. */
const here = (command: string) => command.replaceAll('/bin/busybox awk', 'awk');

test('sockets are reported with their state, both ends and their process', async t => {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const client = net.connect(port, '127.0.0.1');
	const [[peer]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
	const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1');
	await once(udp, 'listening');
	t.teardown(() => {
		client.destroy();
		(peer as net.Socket).destroy();
		server.close();
		udp.close();
	});
	const own = new RegExp(`\\S+\\(${process.pid}\\)`);
	const {stdout} = await execa('sh', ['-c', here(socketsOfProcesses)]);
	const rows = stdout.split('\n');
	t.regex(rows[0]!, /^Netid +State +Recv-Q +Send-Q +Local +Peer +Process$/);
	const row = (...parts: RegExp[]) => rows.find(each => parts.every(part => part.test(each)));
	t.truthy(row(/^tcp +LISTEN /, new RegExp(` 127\\.0\\.0\\.1:${port} +0\\.0\\.0\\.0:\\* `), own), stdout);
	t.truthy(
		row(/^tcp +ESTAB /, new RegExp(` 127\\.0\\.0\\.1:${client.localPort} +127\\.0\\.0\\.1:${port} `), own),
		stdout,
	);
	t.truthy(row(/^udp +UNCONN /, new RegExp(` 127\\.0\\.0\\.1:${udp.address().port} +0\\.0\\.0\\.0:\\* `), own), stdout);
	const {stdout: without} = await execa('sh', ['-c', here(sockets)]);
	t.regex(without, new RegExp(`^tcp +LISTEN .* 127\\.0\\.0\\.1:${port} `, 'm'));
	t.notRegex(without, own);
});

test('sockets of IPv6 are reported by their addresses', async t => {
	const [, program] = /awk ("[\s\S]*") \$files$/.exec(sockets)!;
	const rest = '00000000:00000003 00:00000000 00000000     0        0 12 1 0';
	const lines = [
		`   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A ${rest}`,
		`   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF0000D2040A0A:C350 01 ${rest}`,
		`   2: B80D0120000000000000000001000000:0035 000080FE00000000FF565002BD7FB4FE:0001 06 ${rest}`,
	];
	const {stdout} = await execa('sh', ['-c', `cat | awk ${program}`], {input: lines.join('\n')});
	const cells = stdout
		.split('\n')
		.slice(1)
		.map(line => line.trim().split(/ +/).slice(-5));
	t.deepEqual(cells, [
		['LISTEN', '3', '0', '[::]:8080', '[::]:*'],
		['ESTAB', '3', '0', '[::ffff:127.0.0.1]:8080', '[::ffff:10.10.4.210]:50000'],
		[
			...['TIME-WAIT', '3', '0', '[2001:0db8:0000:0000:0000:0000:0000:0001]:53'],
			'[fe80:0000:0000:0000:0250:56ff:feb4:7fbd]:1',
		],
	]);
});
