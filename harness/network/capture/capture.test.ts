import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {HarnessError, UsageError} from '../../errors.ts';
import {LanControl} from '../control/control.ts';
import {captured, sampleCapture} from '../fixtures/captures.ts';
import {udpFrame} from '../fixtures/packets.ts';
import {encodeFrame} from '../frames.ts';
import {controlSocket, lanSocket, startLan} from '../lan.ts';
import {parseCapture, readCapture} from './capture.ts';
import {decode} from './decode.ts';
import {flowsOf} from './flows.ts';
import {merged} from './record.ts';
import {parseFilter, selected} from './select.ts';
import {captureText} from './text.ts';

test('VXLAN is decoded with its outer pair, its VNI and the five parts of the inner one', t => {
	t.deepEqual(decode(captured.request), {
		kind: 'vxlan',
		outer: {protocol: 'udp', source: '10.99.0.1', destination: '10.99.0.2', sourcePort: 40_000, port: 4789},
		vni: 4097,
		inner: {protocol: 'tcp', source: '10.0.1.5', destination: '10.0.1.3', sourcePort: 45_678, port: 80},
	});
	t.is(decode(captured.request, 7789).kind, 'other');
});

test('ESP has its SPI, gossip and the manager are known by their ports, and ARP has Ethernet addresses', t => {
	t.is(decode(captured.esp).spi, 0xca_fe_01);
	t.is(decode(captured.gossip).kind, 'gossip');
	t.is(decode(captured.manager).kind, 'manager');
	t.deepEqual(decode(captured.arp).outer, {
		protocol: 'arp',
		source: '52:54:00:99:00:01',
		destination: 'ff:ff:ff:ff:ff:ff',
	});
});

test('a frame that is cut off anywhere is decoded as far as it goes', t => {
	for (const frame of Object.values(captured)) {
		for (let length = 0; length <= frame.length; length++) {
			t.notThrows(() => decode(frame.subarray(0, length)));
		}
	}
});

test('a flow says who sent, who got, and what which fault dropped', t => {
	const flows = flowsOf(sampleCapture());
	const request = flows.find(({kind, inner}) => kind === 'vxlan' && inner?.port === 80)!;
	t.deepEqual(
		{...request, outer: request.outer.destination, inner: request.inner!.source},
		{
			kind: 'vxlan',
			outer: '10.99.0.2',
			vni: 4097,
			inner: '10.0.1.5',
			sent: {m1: 2},
			delivered: {w1: 1},
			dropped: {w1: 1},
			faults: [3],
			bytes: 2 * captured.request.length,
			firstAt: '2026-11-22T22:40:00.001Z',
			lastAt: '2026-11-22T22:40:00.003Z',
		},
	);
	t.is(flows.length, 6);
});

test('the text has a line for each flow', t => {
	const capture = sampleCapture();
	const text = captureText(capture, flowsOf(capture));
	t.regex(
		text,
		/^VXLAN 4097: tcp 10\.0\.1\.5 → 10\.0\.1\.3:80 +10\.99\.0\.1 → 10\.99\.0\.2:4789 +m1 2 +w1 1 +w1 1 \(fault 3\)$/m,
	);
	t.regex(text, /^ESP SPI 0xcafe01 +10\.99\.0\.1 → 10\.99\.0\.2 +m1 1 +w1 1$/m);
	t.regex(text, /^gossip udp +10\.99\.0\.1:7946 → 10\.99\.0\.2:7946/m);
	t.regex(text, /^manager API tcp +10\.99\.0\.2 → 10\.99\.0\.1:2377/m);
});

test('a filter takes either port of a protocol, and an unknown one is named with the nearest', t => {
	const chosen = (text: string) => selected(sampleCapture(), {filter: parseFilter(text)}).frames.length;
	t.deepEqual(['udp:4789', 'tcp:2377', 'esp', 'arp', 'udp', 'icmp', 'udp:51000'].map(chosen), [6, 2, 2, 2, 8, 0, 2]);
	t.throws(() => parseFilter('upd:4789'), {instanceOf: UsageError, message: /Did you mean 'udp'/});
	for (const wrong of ['arp:1', 'udp:0', 'udp:99999', 'udp:', '']) {
		t.throws(() => parseFilter(wrong), {instanceOf: UsageError, message: /is no filter/}, wrong);
	}

	const {ports, frames} = selected(sampleCapture(), {nodes: ['w1'], sinceMs: 3});
	t.deepEqual([ports, new Set(frames.map(({port}) => port))], [['w1'], new Set(['w1'])]);
	t.true(frames.every(({timeMs}) => timeMs >= 3));
});

test('later looks add what is new, and nothing twice', t => {
	const all = sampleCapture();
	const first = {...all, frames: all.frames.slice(0, 5)};
	const second = {...all, frames: all.frames.slice(2)};
	t.deepEqual(merged(first, second, 0).frames, all.frames);
	t.deepEqual(merged(first, second, 100).frames, []);
});

test('a real switch returns what passed, with the fault that dropped it', async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-capture-'));
	const pid = await startLan(folder, ['m1', 'w1']);
	const cards = ['m1', 'w1'].map(name => net.connect(lanSocket(folder, name)));
	const control = await LanControl.open(controlSocket(folder));
	t.teardown(() => {
		control.close();
		cards.map(each => each.destroy());
		process.kill(pid);
		fs.rmSync(folder, {recursive: true});
	});
	const {id} = await control.add({match: {protocol: 'udp', port: 4789}, action: {do: 'drop'}}, 'a test');
	const before = Date.now();
	let capture = await readCapture(controlSocket(folder));
	while (!capture.frames.some(({way}) => way === 'out') || !capture.frames.some(({way}) => way === 'dropped')) {
		cards[0]!.write(Buffer.concat([encodeFrame(udpFrame(4789)), encodeFrame(udpFrame(7946))]));
		await delay(20);
		capture = await readCapture(controlSocket(folder));
	}

	t.deepEqual(capture.ports, ['m1', 'w1']);
	const dropped = capture.frames.filter(({way}) => way === 'dropped');
	t.true(dropped.every(({port, fault}) => port === 'w1' && fault === id));
	t.deepEqual(dropped[0]!.bytes, udpFrame(4789));
	t.is(capture.faults[0]!.dropped, dropped.length);
	const at = capture.timeOriginMs + capture.frames[0]!.timeMs;
	t.true(Math.abs(at - before) < 600_000, `${at} is not about ${before}`);
});

test('a capture that is cut off is an error, and so is a switch that is not there', async t => {
	const header = JSON.stringify({rings: [{port: 'm1', bytes: 100}], timeOriginMs: 0, nowMs: 0, faults: []});
	t.throws(() => parseCapture(Buffer.from(`${header}\nshort`)), {instanceOf: HarnessError, message: /cut off/});
	await t.throwsAsync(readCapture('/nowhere/lan-control.sock'), {
		instanceOf: HarnessError,
		message: /cannot be reached/,
	});
});
