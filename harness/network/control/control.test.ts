import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {UsageError} from '../../errors.ts';
import type {Fault, FaultStatus} from '../../model/index.ts';
import {identify, isAlive} from '../../processes/processes.ts';
import {macs, udpFrame} from '../fixtures/packets.ts';
import {encodeFrame, FrameReader} from '../frames.ts';
import {controlSocket, lanSocket, startLan} from '../lan.ts';
import {LanControl} from './control.ts';
import {holdFault} from './hold.ts';

const block: Fault = {match: {from: ['m1'], to: ['w1'], protocol: 'udp', port: 4789}, action: {do: 'drop'}};

/** Starts a real switch with two nodes. */
async function realLan(t: ExecutionContext) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-lan-'));
	const pid = await startLan(folder, ['m1', 'w1']);
	t.teardown(() => {
		process.kill(pid);
		fs.rmSync(folder, {recursive: true});
	});
	const open = async () => {
		const control = await LanControl.open(controlSocket(folder));
		t.teardown(() => control.close());
		return control;
	};
	return {folder, open, control: await open()};
}

/** A node's card: sends frames and collects the destination ports of those that it gets. */
async function card(t: ExecutionContext, folder: string, name: string) {
	const socket = net.connect(lanSocket(folder, name));
	await once(socket, 'connect');
	t.teardown(() => socket.destroy());
	const got: number[] = [];
	const reader = new FrameReader();
	socket.on('data', chunk => got.push(...reader.push(chunk as Buffer).map(frame => frame.readUInt16BE(36))));
	return {got, send: (port: number, ends?: object) => socket.write(encodeFrame(udpFrame(port, undefined, ends)))};
}

async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await happened())) {
		await delay(5);
	}
}

test('a blocked port is blocked on the wire, what is counted is what bit, and a heal lets it through', async t => {
	const {folder, control} = await realLan(t);
	const [m1, w1] = [await card(t, folder, 'm1'), await card(t, folder, 'w1')];
	// The switch has both: what one sends first arrives at the other.
	w1.send(1, {to: macs.all, from: macs.w1});
	await until(() => m1.got.length === 1);
	const {id, what, by} = await control.add(block, 'a test');
	t.deepEqual([what, by], ['udp to port 4789 from m1 to w1 is dropped', 'a test']);
	m1.send(4789);
	m1.send(7946);
	await until(() => w1.got.length === 1);
	t.deepEqual(w1.got, [7946]);
	const [{matched, dropped}] = (await control.list()) as [FaultStatus];
	t.deepEqual([matched, dropped], [1, 1]);
	t.is((await control.remove(id)).dropped, 1);
	m1.send(4789);
	await until(() => w1.got.length === 2);
	t.deepEqual(w1.got, [7946, 4789]);
});

test('a fault ends with the connection that made it, and no other does', async t => {
	const {control, open} = await realLan(t);
	const other = await open();
	const {id} = await control.add(block, 'mine');
	await other.add(block, 'of the other');
	t.is((await control.list()).length, 2);
	other.close();
	await until(async () => (await control.list()).length === 1);
	t.is((await control.list())[0]!.id, id);
});

test('any connection heals, the one that made the fault learns of it, and a second heal says what is on', async t => {
	const {control, open} = await realLan(t);
	const healed = new Promise<FaultStatus>(resolve => {
		control.onHealed = resolve;
	});
	const {id} = await control.add(block, 'mine');
	const {id: stays} = await control.add(block, 'stays');
	const other = await open();
	await other.remove(id);
	t.is((await healed).id, id);
	const error = await t.throwsAsync(other.remove(id), {instanceOf: UsageError, message: `No fault ${id} is on.`});
	t.is(error.remedy, `On are: ${stays} (udp to port 4789 from m1 to w1 is dropped)`);
});

test('the switch refuses an unknown node with the nearest, and answers the next request', async t => {
	const {control} = await realLan(t);
	await t.throwsAsync(control.add({match: {from: ['m11']}, action: {do: 'drop'}}, 'a test'), {
		instanceOf: UsageError,
		message: "There is no node 'm11' on the LAN. Did you mean 'm1'?",
	});
	t.deepEqual(await control.list(), []);
});

test('a fault by hand outlives the call, and ends with its process, also when that is killed', async t => {
	const {folder, control} = await realLan(t);
	const held = {socket: controlSocket(folder), fault: block, by: 'by hand'};
	const pids = () =>
		fs
			.readdirSync('/proc')
			.filter(name => /^\d+$/.test(name) && commandOf(name).includes(`hold-process.ts\0{"socket":"${held.socket}"`))
			.map(Number);
	const {id} = await holdFault(held, process.env);
	t.deepEqual(
		(await control.list()).map(each => each.by),
		['by hand'],
	);
	const holder = identify(pids()[0]!)!;
	await control.remove(id);
	await until(() => !isAlive(holder));
	await holdFault(held, process.env);
	process.kill(pids()[0]!, 'SIGKILL');
	await until(async () => (await control.list()).length === 0);
	await t.throwsAsync(holdFault({...held, fault: {match: {at: ['nobody']}, action: {do: 'drop'}}}, process.env), {
		instanceOf: UsageError,
		message: /There is no node 'nobody'/,
	});
	await until(() => pids().length === 0);
});

function commandOf(pid: string): string {
	try {
		return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
	} catch {
		return '';
	}
}
