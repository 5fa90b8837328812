import {spawnSync} from 'node:child_process';
import dgram from 'node:dgram';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import net, {type AddressInfo} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {CommandError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {Machine} from '../machine/index.ts';
import {askEngine} from './ask-engine.ts';
import {takeEvidence} from './evidence.ts';
import {createFolder, readEvidence} from './folder.ts';
import {maskSecrets} from './mask.ts';
import {pathProbe} from './path.ts';
import type {Probe} from './probe.ts';
import {engineProbes, goroutines, probes} from './probes.ts';
import {nodeScript, partsOf, scriptOf} from './script.ts';
import {sockets, socketsOfProcesses} from './sockets.ts';
import {stackProbes} from './stack-probes.ts';

const swarmProbes = [...probes, pathProbe([{role: 'manager', address: '127.0.0.2'}]), goroutines];
const again = probes.flatMap(each => (each.again ? {...each, name: `${each.name}-after`, command: each.again} : []));

test('a machine that does not run a command costs only itself: the others are read twice, it is asked once', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-evidence-'));
	const asked: Record<string, number[]> = {m1: [], w1: []};
	const machineOf = (name: string, dead: boolean) => ({
		...{name, role: 'worker', alive: true, handle: {engine: {socket: path.join(folder, 'none.sock')}}},
		async exec(_: unknown, {timeout}: {timeout: number}) {
			asked[name]!.push(timeout);
			if (dead) {
				throw new CommandError(`${name}: true took longer than ${timeout} s`, {output: ''});
			}

			return {exitCode: 0, stdout: '', stderr: '', seconds: 0};
		},
	});
	const machines = [machineOf('m1', false), machineOf('w1', true)] as unknown as Machine[];
	const handles = ['m1', 'w1'].map(name => ({name, role: 'worker', address: '10.0.0.1', console: '/none'}));
	await takeEvidence(machines, {machines: handles as never}, {folder: path.join(folder, 'e'), reason: 'no answer'});
	t.deepEqual(asked.w1, [limits.evidenceFirstAnswer]);
	// One that answers: whether it does, all probes, the goroutines of its silent engine, the path, all probes again.
	t.is(asked.m1!.length, 5);
	const {index} = readEvidence(path.join(folder, 'e'));
	t.is(index.nodes[1]!.trouble, 'it took too long to read');
	t.is(index.nodes[0]!.trouble, undefined);
	// Its engine, which no socket leads to, is asked the same question again at the end.
	const silent = index.entries.filter(({node, trouble}) => node === 'm1' && trouble?.startsWith('the engine did not'));
	t.deepEqual(
		silent.map(({probe}) => probe),
		['networks', 'networks-after'],
	);
	t.true(index.entries.some(({node, probe, trouble}) => node === 'w1' && probe === probes[0]!.name && trouble));
	rmSync(folder, {recursive: true});
});

test('every probe has a file of its own', t => {
	const names = [...swarmProbes, ...again, ...engineProbes].map(({name}) => name);
	t.is(new Set(names).size, names.length);
});

test('a probe of namespaces says which one it looks into', t => {
	const script = scriptOf({name: 'x', place: {namespaces: 'lb_'}, command: 'ipvsadm -Ln'});
	t.true(
		script.endsWith(
			`for f in /var/run/docker/netns/lb_*; do [ -e "$f" ] || continue; echo "=== \${f##*/}"; nsenter --net="$f" -- sh -c 'ipvsadm -Ln'; done`,
		),
		script,
	);
});

/** When parts were read is of this moment. */
const withoutUptime = (parts: ReturnType<typeof partsOf>['parts']) => parts.map(({uptime: _, ...part}) => part);

/** The script on this host, where no engine runs and no namespace is. */
async function runHere(rows: readonly Probe[]) {
	const {stdout} = await execa('sh', ['-c', nodeScript(rows, '@@mark')], {stdin: 'ignore'});
	const read = partsOf(stdout, '@@mark');
	return {...read, parts: withoutUptime(read.parts)};
}

const node = (name: string, command: string): Probe => ({name, place: 'node', command});

test('one script runs all probes of a machine, and tells what each printed and how it ended', async t => {
	const {startedAt, parts} = await runHere([
		node('one', 'echo first; echo "it\'s second"'),
		node('wrong', 'echo half; exit 3'),
		node('silent', ':'),
		{name: 'gone', place: {namespaces: 'lb_'}, command: 'echo never'},
	]);
	t.true(Math.abs(startedAt! - Date.now() / 1000) < 600, String(startedAt));
	t.deepEqual(parts, [
		{probe: 'one', text: "first\nit's second\n"},
		{probe: 'wrong', text: 'half\n', trouble: 'ended with 3'},
		{probe: 'silent', text: '\n'},
	]);
});

test('a probe that floods is cut off, and the next ones run', async t => {
	const {parts} = await runHere([node('flood', 'yes'), node('next', 'echo here')]);
	const [flood, next] = parts;
	t.regex(flood!.trouble!, /^the output was cut off/);
	t.is(Buffer.byteLength(flood!.text.trimEnd()), limits.evidenceProbeBytes - 1);
	t.deepEqual(next, {probe: 'next', text: 'here\n'});
});

test('a probe that hangs is ended with all its processes, and the next ones run', async t => {
	const script = nodeScript([node('hang', 'echo begun; sleep 1000 & sleep 1000'), node('next', 'echo here')], '@@mark');
	const impatient = script.replaceAll(`timeout -s KILL ${limits.evidenceProbe}`, 'timeout -s KILL 1');
	t.not(impatient, script);
	const {stdout} = await execa('sh', ['-c', impatient], {stdin: 'ignore'});
	t.deepEqual(withoutUptime(partsOf(stdout, '@@mark').parts), [
		{probe: 'hang', text: 'begun\n', trouble: `took longer than ${limits.evidenceProbe} s`},
		{probe: 'next', text: 'here\n'},
	]);
});

test('a file that is no namespace any more is left out, whichever nsenter says so', t => {
	const said = [
		"nsenter: setns(): can't reassociate to namespace 'net': Invalid argument",
		"nsenter: reassociate to namespace 'ns/net' failed: Invalid argument",
		"nsenter: can't execute 'sh': No such file or directory",
	].map((text, at) => `\n@@m begin container-network ${at}\n${text}\n\n@@m end 1\n`);
	t.deepEqual(
		partsOf(`@@m clock 5.5\n${said.join('')}`, '@@m').parts.map(({namespace}) => namespace),
		['2'],
	);
});

test('probes that are left when the time is over are told', t => {
	const output = `@@m clock 5.5\n\n@@m begin a - 12.5\nx\n\n@@m end 0\n\n@@m begin b lb_1\n@@m left-out the time for this machine was over\n\n@@m begin c -\nhalf`;
	t.deepEqual(partsOf(output, '@@m'), {
		startedAt: 5.5,
		parts: [
			{probe: 'a', uptime: 12.5, text: 'x\n'},
			{probe: 'b', namespace: 'lb_1', text: '', trouble: 'the time for this machine was over'},
			{
				probe: 'c',
				text: 'half',
				trouble: `the output was cut off: it is longer than ${limits.evidenceProbeBytes} bytes, or the machine went away`,
			},
		],
	});
});

test('tokens, keys and passwords are masked, and the rest stays', t => {
	const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIC\n-----END EC PRIVATE KEY-----';
	const text = [
		'docker swarm join --token SWMTKN-1-4k0rq6-7xyz 10.99.0.1:2377',
		'src 10.99.0.1 dst 10.99.0.2\n\tproto esp spi 0x3a41d2f1 reqid 13681891 mode transport\n\taead rfc4106(gcm(aes)) 0x0a1b2c3d4e5f 64',
		key,
		'"Env": ["MYSQL_ROOT_PASSWORD=hunter2","PATH=/bin"]',
		'proxy http://me:hunter2@proxy.example:3128/',
	].join('\n');
	const masked = maskSecrets(text);
	for (const secret of ['4k0rq6', '0a1b2c3d4e5f', 'MHcCAQEEIC', 'hunter2']) {
		t.false(masked.includes(secret), masked);
	}

	for (const kept of ['10.99.0.1:2377', 'spi 0x3a41d2f1', 'rfc4106(gcm(aes))', 'PATH=/bin', 'proxy.example:3128']) {
		t.true(masked.includes(kept), masked);
	}
});

test('a folder of evidence is read again as it was written, and its index tells what is missing', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-evidence-'));
	const kept = createFolder(folder, 'why');
	kept.keep('m1', [
		{probe: 'balancer', namespace: 'lb_a', text: 'rows of a\n'},
		{probe: 'balancer', namespace: 'lb_b', text: '', trouble: 'took longer than 20 s'},
	]);
	kept.keep('m1', [{probe: 'tasks', text: '[{"ID":"x"}]\n'}]);
	const written = kept.close([{name: 'm1', role: 'manager', address: '10.99.0.1', sentAt: 1, answeredAt: 2}]);
	t.deepEqual(
		written.map(file => path.relative(folder, file)),
		['index.json', 'm1/balancer.txt', 'm1/tasks.txt', 'reason.txt'],
	);
	const {index, sections} = readEvidence(folder);
	t.is(index.reason, 'why');
	t.deepEqual(sections, [
		{node: 'm1', probe: 'balancer', namespace: 'lb_a', file: 'm1/balancer.txt', bytes: 10, text: 'rows of a\n'},
		{
			...{node: 'm1', probe: 'balancer', namespace: 'lb_b', file: 'm1/balancer.txt', bytes: 0, text: ''},
			trouble: 'took longer than 20 s',
		},
		{node: 'm1', probe: 'tasks', file: 'm1/tasks.txt', bytes: 22, text: '[\n {\n  "ID": "x"\n }\n]\n'},
	]);
});

test('an engine that accepts and never answers is asked once', async t => {
	const {server, socket} = await engineSocket(() => {});
	t.teardown(() => server.close());
	const stop = AbortSignal.timeout(1000);
	const {parts, silent} = await askEngine(
		{engine: {socket}},
		[
			{name: 'a', paths: ['/a']},
			{name: 'b', paths: ['/b']},
		],
		stop,
	);
	t.is(silent?.name, 'a');
	t.deepEqual(
		parts.map(({probe, text}) => ({probe, text})),
		[
			{probe: 'a', text: ''},
			{probe: 'b', text: ''},
		],
	);
	t.regex(parts[0]!.trouble!, /^the engine did not answer: /);
	t.is(parts[1]!.trouble, 'not asked: the engine did not answer before');
});

test('each object of a list is asked for, and an error of the engine is kept as its answer', async t => {
	const {server, socket} = await engineSocket((path, answer) =>
		path === '/list' ? answer(200, '[{"Id":"n1"},{"Id":"n2"}]') : answer(path === '/of/n1' ? 200 : 404, `"${path}"`),
	);
	t.teardown(() => server.close());
	const {parts, silent} = await askEngine({engine: {socket}}, [{name: 'x', paths: ['/list'], each: '/of/ID'}]);
	t.is(silent, undefined);
	t.deepEqual(parts, [{probe: 'x', text: '[{"Id":"n1"},{"Id":"n2"}]\n"/of/n1"\nanswered 404: "/of/n2"\n'}]);
});

async function engineSocket(onAsked: (path: string, answer: (status: number, body: string) => void) => void) {
	const socket = path.join(mkdtempSync(path.join(os.tmpdir(), 'sl-')), 's');
	const server = http.createServer((request, response) =>
		onAsked(request.url!, (status, body) => response.writeHead(status).end(body)),
	);
	server.listen(socket);
	await once(server, 'listening');
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	return {server: {close}, socket};
}

test('what passed the LAN is kept where the LAN can be asked', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-evidence-'));
	const counters = path.join(folder, 'lan.sock');
	const server = net.createServer(connection => connection.end('{"m1":{}}')).listen(counters);
	await once(server, 'listening');
	t.teardown(() => server.close());
	const asked = path.join(folder, 'asked');
	const options = {folder: asked, reason: 'a test'};
	t.deepEqual(await takeEvidence([], {machines: [], lan: {by: 'switch', counters}}, options), [
		path.join(asked, 'index.json'),
		path.join(asked, 'lan.json'),
		path.join(asked, 'reason.txt'),
	]);
	t.deepEqual(JSON.parse(readFileSync(path.join(asked, 'lan.json'), 'utf8')), {m1: {}});
	const without = path.join(folder, 'without');
	t.deepEqual(await takeEvidence([], {machines: []}, {...options, folder: without}), [
		path.join(without, 'index.json'),
		path.join(without, 'reason.txt'),
	]);
});

/** What makes the kernel load something, or a namespace have it, unless it is there: and how a probe may run it all the same. */
const loading: [program: RegExp, guard?: RegExp][] = [
	// Netlink families of their own.
	[/\b(ss|conntrack)\b(?! *[.:])/],
	// A table by its name, and what lists or changes by chains.
	[/\bip6?tables(-legacy|-nft)?(-save)? [^;]*(-t|-L|-S)\b/],
	[/\b(modprobe(?!\.d)|insmod|ebtables|arptables|ipset|ip6tables\S*)\b/],
	[/\bipvsadm\b/, /if \[ -e \/proc\/net\/ip_vs \]; then [^\n]*?; fi/g],
	[/\biptables-save\b/],
	[
		/\b(nft list|iptables-nft-save)\b|ip xfrm\b|ip -s xfrm/,
		/if \[ -e \/sys\/module\/(nf_tables|xfrm_user) \] [^\n]*?; fi/g,
	],
];

const all = [
	...[...swarmProbes, ...again].map(each => ({...each, of: 'swarm'})),
	...stackProbes.map(each => ({...each, of: 'stack'})),
];

for (const {name, of, command} of all) {
	test(`the probe ${name} of a ${of} makes the kernel load nothing`, t => {
		for (const [program, guard] of loading) {
			t.notRegex(guard ? command.replaceAll(guard, '') : command, program);
		}
	});
}

test('each other node is tried on the LAN: echo requests, and the ports of its role', async t => {
	const targets = [
		{role: 'manager', address: '127.0.0.2'},
		{role: 'worker', address: '127.0.0.3'},
		{role: 'worker', address: '127.0.0.1'},
	];
	const {parts} = await runHere([pathProbe(targets)]);
	const lines = parts[0]!.text.split('\n').filter(line => line.startsWith('lan '));
	const heads = lines.map(line => line.split(':')[0]).sort();
	t.deepEqual(heads, [
		'lan 127.0.0.2 2377',
		'lan 127.0.0.2 7946',
		'lan 127.0.0.2 icmp',
		'lan 127.0.0.3 7946',
		'lan 127.0.0.3 icmp',
	]);
	for (const line of lines.filter(each => !each.includes('icmp'))) {
		t.regex(line, /: (Connection refused|open)$/);
	}
});

test('every probe is a script that a plain shell can read', t => {
	for (const probe of [...swarmProbes, ...again, ...stackProbes]) {
		const {status, stderr} = spawnSync('sh', ['-n', '-c', scriptOf(probe)], {encoding: 'utf8'});
		t.is(status, 0, `${probe.name}: ${stderr}`);
	}
});

/** With this host's awk: nodes have busybox's only. test/real/guest-programs.test.ts runs it there. */
const here = (command: string) => command.replaceAll('/bin/busybox awk', 'awk');

test('programs of which busybox has one that can do less are called by their paths', t => {
	for (const {name, command, again = ''} of [...probes, pathProbe([{role: 'worker', address: '10.99.0.2'}])]) {
		t.notRegex(`${command}\n${again}`, /(?<!\$bb )(?<![-$\w/./])\b(ip|tc|ping) [-a-z]/, name);
	}
});

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
