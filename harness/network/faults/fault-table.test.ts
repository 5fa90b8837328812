import test from 'ava';
import type {Fault, FaultAction} from '../../model/index.ts';
import {udpFrame} from '../fixtures/packets.ts';
import {FaultTable} from './fault-table.ts';

const link = {from: 'm1', to: 'w1'};
const about = {owner: {}, by: 'a test', since: new Date(0)};

function tableOf(...faults: Fault[]): FaultTable {
	const table = new FaultTable();
	for (const fault of faults) {
		table.add(fault, about);
	}

	return table;
}

/** Sends frames of 100 bytes, one per millisecond, and returns when each copy is delivered, in the order of the frames. */
function times(action: FaultAction, count: number, table = tableOf({match: {}, action})): number[][] {
	return Array.from({length: count}, (_, at) =>
		table.pass(link, Buffer.alloc(100), at).deliveries.map(({atMs}) => atMs),
	);
}

test('a dropped frame has no delivery, and names its fault; others pass as they are', t => {
	const table = tableOf({match: {to: ['w1'], protocol: 'udp', port: 4789}, action: {do: 'drop'}});
	t.deepEqual(table.pass(link, udpFrame(4789), 5), {deliveries: [], droppedBy: 1});
	const gossip = udpFrame(7946);
	t.deepEqual(table.pass(link, gossip, 5).deliveries, [{frame: gossip, atMs: 5}]);
	const [{matched, dropped, changed}] = table.list() as [ReturnType<FaultTable['list']>[0]];
	t.deepEqual({matched, dropped, changed}, {matched: 1, dropped: 1, changed: 0});
});

test('a share is lost, the same frames for the same seed and others for another', t => {
	const lost = (seed?: number) =>
		times({do: 'lose', percent: 10, seed}, 2000).flatMap((each, index) => (each.length === 0 ? [index] : []));
	t.true(lost().length > 120 && lost().length < 280, `${lost().length} of 2000`);
	t.deepEqual(lost(7), lost(7));
	t.notDeepEqual(lost(7), lost(8));
	t.is(times({do: 'lose', percent: 0}, 500).flat().length, 500);
	t.is(times({do: 'lose', percent: 100}, 500).flat().length, 0);
});

test('a delay is added, with jitter on both sides of it, and never takes time away', t => {
	t.deepEqual(times({do: 'delay', ms: 20}, 3), [[20], [21], [22]]);
	const late = times({do: 'delay', ms: 20, jitterMs: 5}, 500).map(([atMs], index) => atMs! - index);
	t.true(Math.min(...late) >= 15 && Math.max(...late) <= 25);
	t.true(Math.min(...late) < 17 && Math.max(...late) > 23);
	t.true(times({do: 'delay', ms: 1, jitterMs: 50}, 200).every(([atMs], index) => atMs! >= index));
});

test('a slow link sends one frame after the other, and drops what does not fit its queue', t => {
	// 100 bytes at 100 kbit/s take 8 ms.
	t.deepEqual(times({do: 'rate', kbitPerSecond: 100}, 3), [[8], [16], [24]]);
	const table = tableOf({match: {}, action: {do: 'rate', kbitPerSecond: 100, queueBytes: 250}});
	t.deepEqual(times({do: 'drop'}, 6, table), [[8], [16], [], [], [24], []]);
	t.is(table.list()[0]!.dropped, 3);
	t.deepEqual(
		table.pass(link, Buffer.alloc(100), 100).deliveries.map(({atMs}) => atMs),
		[108],
	);
});

test('frames are doubled, overtaken, and get one wrong bit', t => {
	t.is(times({do: 'duplicate', percent: 100}, 10).flat().length, 20);
	t.deepEqual(times({do: 'reorder', percent: 100, ms: 30}, 2), [[30], [31]]);
	const some = times({do: 'reorder', percent: 50, ms: 30}, 200).filter(([atMs], index) => atMs! > index).length;
	t.true(some > 60 && some < 140);
	const frame = udpFrame(4789, Buffer.alloc(200));
	const table = tableOf({match: {}, action: {do: 'corrupt', percent: 100}});
	const [wrong] = table.pass(link, frame, 0).deliveries;
	t.deepEqual(wrong!.frame.subarray(0, 14), frame.subarray(0, 14));
	const bits = [...frame].reduce((sum, byte, at) => sum + popCount(byte ^ wrong!.frame[at]!), 0);
	t.is(bits, 1);
	t.is(table.list()[0]!.changed, 1);
});

test('faults act one after the other: a doubled frame is late twice', t => {
	const table = tableOf(
		{match: {}, action: {do: 'duplicate', percent: 100}},
		{match: {}, action: {do: 'delay', ms: 7}},
		{match: {from: ['w9']}, action: {do: 'drop'}},
	);
	t.deepEqual(
		table.pass(link, Buffer.alloc(60), 1).deliveries.map(({atMs}) => atMs),
		[8, 8],
	);
	t.deepEqual(
		table.list().map(({matched, dropped, changed}) => [matched, dropped, changed]),
		[
			[1, 0, 1],
			[2, 0, 2],
			[0, 0, 0],
		],
	);
});

test('a healed fault does nothing, and a second heal finds none', t => {
	const table = tableOf({match: {}, action: {do: 'drop'}}, {match: {}, action: {do: 'drop'}});
	table.pass(link, Buffer.alloc(60), 0);
	t.is(table.remove(1)?.status.dropped, 1);
	t.is(table.remove(1), undefined);
	t.deepEqual(
		table.list().map(({id}) => id),
		[2],
	);
	t.false(table.isEmpty);
});

test('an owner takes all its faults along, and no others', t => {
	const [mine, other] = [{}, {}];
	const table = new FaultTable();
	for (const owner of [mine, other, mine]) {
		table.add({match: {}, action: {do: 'drop'}}, {...about, owner});
	}

	table.removeOf(mine);
	t.deepEqual(
		table.list().map(({id}) => id),
		[2],
	);
});

const sentences: [fault: Fault, sentence: string][] = [
	[
		{match: {from: ['m1'], to: ['w1'], protocol: 'udp', port: 4789}, action: {do: 'drop'}},
		'udp to port 4789 from m1 to w1 is dropped',
	],
	[{match: {at: ['w1']}, action: {do: 'drop'}}, 'every frame from and to w1 is dropped'],
	[
		{match: {from: ['m1'], to: ['w1', 'w2'], bothWays: true, largerThanBytes: 1400}, action: {do: 'drop'}},
		'every frame larger than 1400 bytes between m1 and w1 and w2 is dropped',
	],
	[{match: {protocol: 50}, action: {do: 'lose', percent: 1}}, 'IP protocol 50 is lost, 1 % of it'],
	[
		{match: {unheard: {m1: ['w1'], w1: []}}, action: {do: 'drop'}},
		'every frame in a partition (m1 does not hear w1) is dropped',
	],
	[{match: {to: ['w1']}, action: {do: 'delay', ms: 5, jitterMs: 2}}, 'every frame to w1 is late by 5 ms ± 2 ms'],
];

for (const [fault, sentence] of sentences) {
	test(`a fault in words: ${sentence}`, t => {
		t.is(tableOf(fault).list()[0]!.what, sentence);
	});
}

function popCount(byte: number): number {
	return byte.toString(2).replaceAll('0', '').length;
}
