import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import type {Flow} from '../network/capture/flows.ts';
import {LanControl} from '../network/control/control.ts';
import {captured} from '../network/fixtures/captures.ts';
import {encodeFrame} from '../network/frames.ts';
import {controlSocket, lanSocket, startLan} from '../network/lan.ts';
import {dataPathPortOf} from './data-path-port.ts';
import {takeEvidence} from './evidence.ts';

test('the data path port is what a manager reports, and the usual one where it reports none', t => {
	const info = (cluster: object) => JSON.stringify({Swarm: {Cluster: cluster}});
	t.is(dataPathPortOf(info({DataPathPort: 7789})), 7789);
	for (const none of [info({DataPathPort: 0}), info({}), '{}', 'null', '', 'answered 500: x']) {
		t.is(dataPathPortOf(none), undefined, none);
	}
});

test('what passed a real switch is in the evidence: frames, flows by the port of the swarm, and faults', async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-lan-'));
	const pid = await startLan(folder, ['m1', 'w1']);
	const cards = ['m1', 'w1'].map(name => net.connect(lanSocket(folder, name)));
	const control = await LanControl.open(controlSocket(folder));
	const engine = http.createServer((_, response) => response.end('{"Swarm":{"Cluster":{"DataPathPort":7789}}}'));
	const socket = path.join(folder, 'engine.sock');
	engine.listen(socket);
	await once(engine, 'listening');
	t.teardown(() => {
		control.close();
		cards.map(each => each.destroy());
		engine.closeAllConnections();
		engine.close();
		process.kill(pid);
		fs.rmSync(folder, {recursive: true});
	});
	await control.add({match: {protocol: 'udp', port: 7789, to: ['w1']}, action: {do: 'drop'}}, 'a test');
	const moved = Buffer.from(captured.request);
	// Ethernet 14, IPv4 20, then the destination port of UDP.
	moved.writeUInt16BE(7789, 36);
	const handle = {
		...{name: 'm1', role: 'manager' as const, address: '10.99.0.1', engine: {socket}, console: '/dev/null'},
		reach: {by: 'ssh' as const, host: '', port: 0, user: '', identityFile: '', controlPath: ''},
	};
	const lan = {by: 'switch' as const, counters: path.join(folder, 'nowhere'), control: controlSocket(folder)};
	for (let number = 1; ; number++) {
		cards[0]!.write(Buffer.concat([encodeFrame(moved), encodeFrame(captured.gossip)]));
		const kept = path.join(folder, `evidence-${number}`);
		const files = await takeEvidence([], {machines: [handle], lan}, {folder: kept, reason: 'a test'});
		const flows = JSON.parse(fs.readFileSync(path.join(kept, 'lan/capture.json'), 'utf8')) as Flow[];
		const dropped = flows.find(flow => Object.keys(flow.dropped).length > 0);
		if (!dropped) {
			await delay(20);
			continue;
		}

		t.deepEqual([dropped.kind, dropped.vni, dropped.inner?.port], ['vxlan', 4097, 80]);
		t.true(dropped.dropped.w1! > 0);
		for (const name of ['capture.json', 'capture.pcapng', 'capture.txt', 'faults.json']) {
			t.true(files.includes(path.join(kept, 'lan', name)), name);
		}

		// Section header block of pcapng, and the frame as it was sent.
		const frames = fs.readFileSync(path.join(kept, 'lan/capture.pcapng'));
		t.is(frames.readUInt32LE(0), 0x0a_0d_0d_0a);
		t.true(frames.includes(moved));
		t.regex(
			fs.readFileSync(path.join(kept, 'lan/capture.txt'), 'utf8'),
			/^VXLAN 4097: tcp 10\.0\.1\.5 → 10\.0\.1\.3:80 .*fault 1/m,
		);
		t.is(JSON.parse(fs.readFileSync(path.join(kept, 'lan/faults.json'), 'utf8'))[0].by, 'a test');
		return;
	}
});
