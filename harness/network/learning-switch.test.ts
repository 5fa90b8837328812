import test from 'ava';
import {encodeFrame, FrameReader} from './frames.ts';
import {LearningSwitch, type SwitchPort} from './learning-switch.ts';

const broadcast = 'ffffffffffff';

function frame(to: string, from: string): Buffer {
	return Buffer.from(`${to}${from}0800cafe`, 'hex');
}

function port(name: string, room = Number.POSITIVE_INFINITY): SwitchPort & {got: Buffer[]} {
	const got: Buffer[] = [];
	return {
		name,
		got,
		send(bytes) {
			if (got.length >= room) {
				return false;
			}

			got.push(bytes);
			return true;
		},
	};
}

function lanOf(...ports: SwitchPort[]): LearningSwitch {
	const lan = new LearningSwitch();
	for (const each of ports) {
		lan.attach(each);
	}

	return lan;
}

const [a, b] = ['525400990001', '525400990002'];

test('a frame for an unknown station goes out of every other port', t => {
	const [m1, w1, w2] = [port('m1'), port('w1'), port('w2')];
	lanOf(m1, w1, w2).receive(m1, frame(b!, a!));
	t.deepEqual([m1.got.length, w1.got.length, w2.got.length], [0, 1, 1]);
});

test('a frame for a station that was heard goes to its port only', t => {
	const [m1, w1, w2] = [port('m1'), port('w1'), port('w2')];
	const lan = lanOf(m1, w1, w2);
	lan.receive(w1, frame(broadcast, b!));
	lan.receive(m1, frame(b!, a!));
	t.deepEqual([m1.got.length, w1.got.length, w2.got.length], [1, 1, 1]);
});

test('a station that moved is found at its new port', t => {
	const [m1, w1, w2] = [port('m1'), port('w1'), port('w2')];
	const lan = lanOf(m1, w1, w2);
	lan.receive(w1, frame(broadcast, b!));
	lan.receive(w2, frame(broadcast, b!));
	lan.receive(m1, frame(b!, a!));
	t.deepEqual([w1.got.length, w2.got.length], [1, 2]);
});

test('what was learned of a port is forgotten when it goes', t => {
	const [m1, w1, w2] = [port('m1'), port('w1'), port('w2')];
	const lan = lanOf(m1, w1, w2);
	lan.receive(w1, frame(broadcast, b!));
	lan.detach(w1);
	lan.receive(m1, frame(b!, a!));
	t.deepEqual([w1.got.length, w2.got.length], [0, 2]);
});

test('frames for a port without room are counted as dropped', t => {
	const [m1, w1] = [port('m1'), port('w1', 1)];
	const lan = lanOf(m1, w1);
	lan.receive(m1, frame(broadcast, a!));
	lan.receive(m1, frame(broadcast, a!));
	t.is(lan.counters().w1!.dropped, 1);
	t.is(lan.counters().w1!.framesOut, 1);
	t.is(lan.counters().m1!.framesIn, 2);
});

test('runts are dropped', t => {
	const [m1, w1] = [port('m1'), port('w1')];
	lanOf(m1, w1).receive(m1, Buffer.alloc(13));
	t.is(w1.got.length, 0);
});

test('frames are found whatever the pieces they arrive in', t => {
	const frames = [frame(b!, a!), frame(broadcast, b!), Buffer.alloc(1500, 7)];
	const stream = Buffer.concat(frames.map(each => encodeFrame(each)));
	for (let size = 1; size < stream.length; size += 7) {
		const reader = new FrameReader();
		const found: Buffer[] = [];
		for (let at = 0; at < stream.length; at += size) {
			found.push(...reader.push(stream.subarray(at, at + size)));
		}

		t.deepEqual(found, frames, `pieces of ${size}`);
	}
});

test('a length that QEMU never sends is refused', t => {
	t.throws(() => new FrameReader().push(Buffer.from('00ffffff', 'hex')), {message: /16777215 bytes/});
});
