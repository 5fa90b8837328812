import test from 'ava';
import {FrameRing, readFrames} from './frame-ring.ts';

test('the oldest frames are overwritten, the newest are kept in order, and memory stays within its bound', t => {
	const bytes = 64 * 1024;
	const ring = new FrameRing(bytes);
	const count = 5000;
	for (let each = 0; each < count; each++) {
		const frame = Buffer.alloc(60 + (each % 700));
		frame.writeUInt32BE(each, 0);
		ring.push('in', frame, each);
	}

	const kept = ring.read();
	t.true(kept.length <= bytes && kept.length > bytes / 2, `${kept.length} bytes`);
	const frames = readFrames('m1', kept);
	const numbers = frames.map(({bytes: content}) => content.readUInt32BE(0));
	t.deepEqual(
		numbers,
		numbers.map((_, index) => count - numbers.length + index),
	);
	t.true(
		frames.every(({timeMs, frameBytes}, index) => timeMs === numbers[index] && frameBytes === 60 + (timeMs % 700)),
	);
});

test('what was read does not change when the ring goes on', t => {
	const ring = new FrameRing(8192);
	ring.push('out', Buffer.alloc(100, 1), 1);
	const before = ring.read();
	for (let each = 0; each < 100; each++) {
		ring.push('out', Buffer.alloc(400, 2), 2);
	}

	t.deepEqual(readFrames('w1', before), [
		{port: 'w1', way: 'out', timeMs: 1, bytes: Buffer.alloc(100, 1), frameBytes: 100},
	]);
});

test('a ring without frames has none', t => {
	t.deepEqual(readFrames('m1', new FrameRing(1024).read()), []);
});
