import test from 'ava';
import {UsageError} from '../errors.ts';
import {axisBetween, seriesOf, type Version} from './points.ts';

const version = (id: string, content = id): Version => ({id, label: id, series: seriesOf(id), spec: id, content});
const all = [
	version('5.10.1-1'),
	version('6.1.1-1'),
	version('6.1.2-1~deb11u1', '6.1.2-1'),
	version('6.1.2-1'),
	version('7.0-1'),
];
const idsOf = (good: string, bad: string) => axisBetween(all, good, bad).points.map(({id}) => id);

test('the axis goes from the good end to the bad end, whichever is older', t => {
	t.deepEqual(idsOf('5.10.1-1', '6.1.1-1'), ['5.10.1-1', '6.1.1-1']);
	t.deepEqual(idsOf('7.0-1', '6.1.1-1'), ['7.0-1', '6.1.2-1', '6.1.1-1']);
});

test('of two builds of one source one is run, an end before another one, and the other one is named', t => {
	t.deepEqual(axisBetween(all, '5.10.1-1', '7.0-1').same, [{id: '6.1.2-1', as: '6.1.2-1~deb11u1'}]);
	t.deepEqual(idsOf('5.10.1-1', '6.1.2-1'), ['5.10.1-1', '6.1.1-1', '6.1.2-1']);
});

for (const [good, bad, message] of [
	['6.1.1-1', '6.1.1-1', /are the same: 6\.1\.1-1\./],
	['6.1.2-1', '6.1.2-1~deb11u1', /are the same: 6\.1\.2-1 and 6\.1\.2-1~deb11u1/],
	['8', '7.0-1', /^8 is none of the versions/],
	['7.0-1', '9', /^9 is none of the versions/],
] as const) {
	test(`from ${good} to ${bad} there is no axis`, t => {
		t.throws(() => axisBetween(all, good, bad), {instanceOf: UsageError, message});
	});
}

test('an axis without a version has no ends', t => {
	t.throws(() => axisBetween([], '1', '2'), {instanceOf: UsageError});
});

test('a release is the first two components of what the program prints', t => {
	t.deepEqual(['6.1.192-1', '20.10.24+dfsg1-1+deb12u1', '5:28.5.2-1', '6.12.95+deb13-1'].map(seriesOf), [
		'6.1',
		'20.10',
		'28.5',
		'6.12',
	]);
});
