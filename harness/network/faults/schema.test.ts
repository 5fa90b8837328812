import test from 'ava';
import {explain, UsageError} from '../../errors.ts';
import {parseFault} from './schema.ts';

const nodes = ['m1', 'w1', 'w2'];

test('a fault stays as it is', t => {
	const fault = {match: {from: ['m1'], to: ['w1'], protocol: 'udp', port: 4789}, action: {do: 'drop'}};
	t.deepEqual(parseFault(fault, nodes) as unknown, fault);
});

const wrong: [fault: unknown, message: RegExp][] = [
	[
		{match: {from: ['m11']}, action: {do: 'drop'}},
		/There is no node 'm11' on the LAN\. Did you mean 'm1'\?\n.*m1, w1, w2/,
	],
	[{match: {unheard: {w9: ['m1']}}, action: {do: 'drop'}}, /no node 'w9'/],
	[{match: {unheard: {m1: ['x']}}, action: {do: 'drop'}}, /no node 'x'/],
	[{match: {at: ['nobody']}, action: {do: 'drop'}}, /no node 'nobody'/],
	[{match: {port: 4789}, action: {do: 'drop'}}, /match: a port needs the protocol tcp or udp/],
	[{match: {protocol: 'icmp', port: 1}, action: {do: 'drop'}}, /a port needs/],
	[{match: {protocol: 'udp', port: 70_000}, action: {do: 'drop'}}, /match\.port/],
	[{match: {form: ['m1']}, action: {do: 'drop'}}, /form/],
	[{match: {}, action: {do: 'lose', percent: 101}}, /action\.percent/],
	[{match: {}, action: {do: 'explode'}}, /action/],
	[{match: {}, action: {do: 'rate', kbitPerSecond: 0}}, /action\.kbitPerSecond/],
	['drop', /This is no fault/],
];

for (const [fault, message] of wrong) {
	test(`refused, with the place and what to do: ${JSON.stringify(fault)}`, t => {
		const error = t.throws(() => parseFault(fault, nodes), {instanceOf: UsageError});
		t.regex(explain(error), message);
		t.truthy(error.remedy);
	});
}
