import test from 'ava';
import {explain, UsageError} from '../errors.ts';
import type {Fault} from '../model/index.ts';
import {describe} from '../network/faults/describe.ts';
import {parseFault} from '../network/faults/schema.ts';
import {type FaultFlags, faultFrom} from './fault-options.ts';

const nodes = ['m1', 'w1', 'w2', 'w3'];

const typed: [kind: string, flags: FaultFlags, what: string][] = [
	['block', {from: ['m1'], to: ['w1'], udp: '4789'}, 'udp to port 4789 from m1 to w1 is dropped'],
	['block', {tcp: '2377', bothWays: true, from: ['m1']}, 'tcp to port 2377 from m1 in both directions is dropped'],
	['block', {protocol: 'esp'}, 'esp is dropped'],
	['block', {protocol: '50', largerThan: '1400'}, 'IP protocol 50 larger than 1400 bytes is dropped'],
	['loss', {node: 'w1', percent: '0.5', seed: '7'}, 'every frame from and to w1 is lost, 0.5 % of it'],
	['delay', {ms: '100', jitter: '20'}, 'every frame is late by 100 ms ± 20 ms'],
	['rate', {kbit: '256'}, 'every frame goes at 256 kbit/s'],
	['duplicate', {percent: '10'}, 'every frame arrives twice, 10 % of it'],
	['reorder', {percent: '10', ms: '30'}, 'every frame is overtaken, 10 % of it by 30 ms'],
	['corrupt', {percent: '1'}, 'every frame has a wrong bit, 1 % of it'],
	['link-down', {node: 'w2'}, 'every frame from and to w2 is dropped'],
	[
		'partition',
		{shape: 'halves'},
		'every frame in a partition (m1 does not hear w2 and w3; w1 does not hear w2 and w3; w2 does not hear m1 and w1; w3 does not hear m1 and w1) is dropped',
	],
	[
		'partition',
		{shape: 'one-way', from: ['m1'], to: ['w1']},
		'every frame in a partition (w1 does not hear m1) is dropped',
	],
];

for (const [kind, flags, what] of typed) {
	test(`fault add ${kind} ${JSON.stringify(flags)}: ${what}`, t => {
		const fault: Fault = faultFrom(kind, flags, nodes);
		t.is(describe(fault), what);
		t.deepEqual(parseFault(JSON.parse(JSON.stringify(fault)), nodes), fault);
	});
}

test('a seed that was typed is the seed', t => {
	t.deepEqual(faultFrom('loss', {percent: '1', seed: '7'}, nodes).action, {do: 'lose', percent: 1, seed: 7});
});

const wrong: [kind: string | undefined, flags: FaultFlags, message: RegExp][] = [
	['blok', {}, /no kind of fault 'blok'\. Did you mean 'block'\?\n.*block, loss, delay/],
	[undefined, {}, /There are: block/],
	['loss', {}, /loss needs --percent/],
	['delay', {ms: 'soon'}, /--ms takes a number, and 'soon' is none/],
	['block', {udp: '1', tcp: '2'}, /a fault is about one/],
	['block', {protocol: 'udpp'}, /no protocol 'udpp'\. Did you mean 'udp'\?/],
	['partition', {shape: 'halfs'}, /Did you mean 'halves'\?/],
	['partition', {shape: 'isolate'}, /needs --node/],
	['partition', {shape: 'one-way', from: ['m1'], to: ['m1']}, /cuts nothing/],
	['link-down', {}, /link-down needs --node/],
];

for (const [kind, flags, message] of wrong) {
	test(`fault add ${kind} ${JSON.stringify(flags)} is refused, with what to do`, t => {
		const error = t.throws(() => faultFrom(kind, flags, nodes), {instanceOf: UsageError});
		t.regex(explain(error), message);
	});
}
