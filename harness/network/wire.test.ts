import test from 'ava';
import type {FaultAction} from '../model/index.ts';
import {readFrames} from './capture/frame-ring.ts';
import type {Clock} from './faults/delay-line.ts';
import {FaultTable} from './faults/fault-table.ts';
import {arpFrame, macs, udpFrame} from './fixtures/packets.ts';
import {LearningSwitch, type SwitchPort} from './learning-switch.ts';
import {FaultyWire} from './wire.ts';

/** A clock that the test moves. */
class TestClock implements Clock {
	#nowMs = 0;
	#timers: {atMs: number; wake: () => void}[] = [];
	nowMs = () => this.#nowMs;
	after(ms: number, wake: () => void): void {
		this.#timers.push({atMs: this.#nowMs + ms, wake});
	}

	moveTo(ms: number): void {
		for (;;) {
			const next = this.#timers.filter(({atMs}) => atMs <= ms).sort((a, b) => a.atMs - b.atMs)[0];
			if (!next) {
				this.#nowMs = ms;
				return;
			}

			this.#timers = this.#timers.filter(each => each !== next);
			this.#nowMs = Math.max(this.#nowMs, next.atMs);
			next.wake();
		}
	}
}

function lanOf(...names: string[]) {
	const table = new FaultTable();
	const clock = new TestClock();
	const got: Record<string, {port: number; atMs: number}[]> = {};
	const wire: FaultyWire = new FaultyWire({table, clock, names, deliver: (to, frame) => lan.deliver(to, frame)});
	const lan = new LearningSwitch(wire);
	const ports = Object.fromEntries(
		names.map(name => {
			got[name] = [];
			const port: SwitchPort = {
				name,
				send(frame) {
					got[name]!.push({port: frame.length > 37 ? frame.readUInt16BE(36) : 0, atMs: clock.nowMs()});
					return true;
				},
			};
			lan.attach(port);
			return [name, port];
		}),
	);
	const add = (match: object, action: FaultAction) =>
		table.add({match, action}, {owner: table, by: 'a test', since: new Date(0)});
	return {table, clock, got, wire, lan, ports, add};
}

test('a fault is for the links that it names: a broadcast still reaches the others', t => {
	const {lan, ports, got, add} = lanOf('m1', 'w1', 'w2');
	add({from: ['m1'], to: ['w1']}, {do: 'drop'});
	lan.receive(ports.m1!, arpFrame());
	t.deepEqual([got.w1!.length, got.w2!.length], [0, 1]);
	t.is(lan.counters().w1!.framesOut, 0);
});

test('frames that are late come at their time, in the order of their times', t => {
	const {lan, ports, got, add, clock} = lanOf('m1', 'w1');
	add({protocol: 'udp', port: 1}, {do: 'delay', ms: 10});
	add({protocol: 'udp', port: 2}, {do: 'delay', ms: 4});
	for (const port of [1, 2, 3, 1]) {
		lan.receive(ports.m1!, udpFrame(port));
	}

	t.deepEqual(got.w1, [{port: 3, atMs: 0}]);
	clock.moveTo(3);
	t.is(got.w1!.length, 1);
	clock.moveTo(50);
	t.deepEqual(got.w1, [
		{port: 3, atMs: 0},
		{port: 2, atMs: 4},
		{port: 1, atMs: 10},
		{port: 1, atMs: 10},
	]);
});

test('a frame that was late for a port that is gone is forgotten', t => {
	const {lan, ports, got, add, clock} = lanOf('m1', 'w1');
	add({}, {do: 'delay', ms: 10});
	lan.receive(ports.m1!, udpFrame(1));
	lan.detach(ports.w1!);
	clock.moveTo(20);
	t.deepEqual(got.w1, []);
});

test('each port remembers what came in, what went out and what a fault dropped before it', t => {
	const {lan, ports, add, wire, clock} = lanOf('m1', 'w1', 'w2');
	lan.receive(ports.w1!, udpFrame(5, undefined, {to: macs.m1, from: macs.w1}));
	clock.moveTo(1.5);
	add({to: ['w1'], protocol: 'udp', port: 4789}, {do: 'drop'});
	lan.receive(ports.m1!, udpFrame(4789, Buffer.alloc(1000)));
	const seen = [...wire.rings].flatMap(([name, ring]) =>
		readFrames(name, ring.read()).map(({port, way, timeMs, fault, bytes, frameBytes}) => ({
			...{port, way, timeMs, frameBytes},
			kept: bytes.length,
			...(fault && {fault}),
		})),
	);
	t.deepEqual(seen, [
		{port: 'm1', way: 'out', timeMs: 0, frameBytes: 42, kept: 42},
		{port: 'm1', way: 'in', timeMs: 1.5, frameBytes: 1042, kept: 512},
		{port: 'w1', way: 'in', timeMs: 0, frameBytes: 42, kept: 42},
		{port: 'w1', way: 'dropped', timeMs: 1.5, frameBytes: 1042, kept: 512, fault: 1},
		{port: 'w2', way: 'out', timeMs: 0, frameBytes: 42, kept: 42},
	]);
});
