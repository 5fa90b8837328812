/**
 * The LAN's switch, with and without its capture: CPU time for each frame. `npm run bench:switch`.
 *
 * The variants take turns, and the median of each is printed: CPU time does not count the time for which a busy host lets the
 * process wait, but its caches are shared.
 */
import {processClock} from '../harness/network/faults/delay-line.ts';
import {FaultTable} from '../harness/network/faults/fault-table.ts';
import {macs, udpFrame} from '../harness/network/fixtures/packets.ts';
import {encodeFrame, FrameReader} from '../harness/network/frames.ts';
import {LearningSwitch, type SwitchPort} from '../harness/network/learning-switch.ts';
import {FaultyWire} from '../harness/network/wire.ts';

const variants = ['no wire', 'faults', 'faults and capture'] as const;
const names = ['m1', 'w1', 'w2'];
const rounds = 9;

function switchOf(variant: (typeof variants)[number], table: FaultTable): LearningSwitch {
	if (variant === 'no wire') {
		return new LearningSwitch();
	}

	const lan: LearningSwitch = new LearningSwitch(
		new FaultyWire({
			table,
			clock: processClock,
			names,
			captures: variant === 'faults and capture',
			deliver: (to, frame) => lan.deliver(to, frame),
		}),
	);
	return lan;
}

/** Sends frames from m1 to w1 and returns nanoseconds of CPU time for each, without the kernel's part of a socket. */
function measure(variant: (typeof variants)[number], contentBytes: number, frames: number): number {
	const lan = switchOf(variant, new FaultTable());
	let sentBytes = 0;
	const ports = names.map(
		(name): SwitchPort => ({
			name,
			send(frame) {
				sentBytes += encodeFrame(frame).length;
				return true;
			},
		}),
	);
	for (const port of ports) {
		lan.attach(port);
	}

	lan.receive(ports[1]!, udpFrame(1, undefined, {to: macs.all, from: macs.w1}));
	const chunk = Buffer.concat(Array<Buffer>(20).fill(encodeFrame(udpFrame(4789, Buffer.alloc(contentBytes)))));
	const reader = new FrameReader();
	const start = process.cpuUsage();
	for (let count = 0; count < frames; count += 20) {
		for (const frame of reader.push(chunk)) {
			lan.receive(ports[0]!, frame);
		}
	}

	const {user, system} = process.cpuUsage(start);
	if (sentBytes === 0) {
		throw new Error('Nothing came out of the switch');
	}

	return ((user + system) / frames) * 1000;
}

for (const contentBytes of [40, 1400]) {
	const times = new Map(variants.map(variant => [variant, [] as number[]]));
	for (let round = 0; round < rounds; round++) {
		for (const variant of variants) {
			measure(variant, contentBytes, 20_000);
			times.get(variant)!.push(measure(variant, contentBytes, 100_000));
		}
	}

	for (const [variant, all] of times) {
		const median = all.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
		console.log(
			`${contentBytes} bytes, ${variant}: ${median.toFixed(0)} ns of CPU time for each frame (n = ${rounds})`,
		);
	}
}
