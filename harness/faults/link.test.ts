import test from 'ava';
import {NotApplicable} from '../errors.ts';
import {countersIn, linkParts} from './link.ts';

const addresses = {m1: '10.99.0.11', w1: '10.99.0.12', w2: '10.99.0.13'};

test('frames are dropped where they arrive', t => {
	const match = {from: ['m1'], to: ['w1'], bothWays: true, protocol: 'udp', port: 4789} as const;
	const parts = linkParts({match: {...match, from: ['m1'], to: ['w1']}, action: {do: 'drop'}}, 'it', addresses);
	const content = {protocol: 'udp', port: '4789'};
	t.deepEqual(parts, [
		{node: 'm1', options: {what: 'm1: it', how: 'drop', senders: '10.99.0.12', share: 10_000, ...content}},
		{node: 'w1', options: {what: 'w1: it', how: 'drop', senders: '10.99.0.11', share: 10_000, ...content}},
	]);
	const [lost] = linkParts({match: {to: ['w2']}, action: {do: 'lose', percent: 0.5}}, 'it', addresses);
	t.like(lost, {node: 'w2', options: {senders: '10.99.0.11 10.99.0.12', share: 50}});
});

test('a partition is a drop on each node that does not hear another', t => {
	const parts = linkParts({match: {unheard: {w1: ['m1', 'w2'], w2: []}}, action: {do: 'drop'}}, 'it', addresses);
	t.deepEqual(
		parts.map(({node, options}) => [node, options.senders]),
		[['w1', '10.99.0.11 10.99.0.13']],
	);
});

test('frames are late where they leave', t => {
	const parts = linkParts({match: {from: ['m1']}, action: {do: 'delay', ms: 50, jitterMs: 5}}, 'it', addresses);
	t.deepEqual(parts, [
		{node: 'm1', options: {what: 'm1: it', how: 'netem', receivers: '10.99.0.12 10.99.0.13', netem: 'delay 50ms 5ms'}},
	]);
	t.throws(() => linkParts({match: {}, action: {do: 'explode'} as never}, 'it', addresses), {
		instanceOf: NotApplicable,
	});
});

test('the counters of a part are its last line', t => {
	t.deepEqual(countersIn('12 3 0'), {matched: 12, dropped: 3, changed: 0});
	t.deepEqual(countersIn(''), {matched: 0, dropped: 0, changed: 0});
});
