import test from 'ava';
import {execaSync} from 'execa';
import fc from 'fast-check';
import {nearestVersions} from './neighbours.ts';
import {compareVersions, hasPrefix, upstreamOf} from './versions.ts';

const ascending = [
	'1.0~rc1-1',
	'1.0-1~bpo12+1',
	'1.0-1',
	'1.0-1+b1',
	'1.0-1.1',
	'6.1.99-1',
	'6.1.170-3',
	'6.12.107-1~deb12u1',
	'6.12.107-1',
	'20.10.24+dfsg1-1+deb12u1',
	'20.10.24+dfsg1-1+deb12u1+b6',
	'1:1.0-1',
];

test('versions are in the order of deb-version(7)', t => {
	t.deepEqual([...ascending].reverse().sort(compareVersions), ascending);
});

test('any two versions compare as dpkg compares them', t => {
	const part = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,6}$/);
	const version = fc
		.tuple(fc.constantFrom('', '1:'), part, fc.constantFrom('', '-1', '-1~b', '-2+b1'))
		.map(parts => parts.join(''));
	fc.assert(
		fc.property(version, version, (a, b) => {
			const relation = ['lt', 'eq', 'gt'][Math.sign(compareVersions(a, b)) + 1]!;
			return execaSync('dpkg', ['--compare-versions', a, relation, b], {reject: false}).exitCode === 0;
		}),
		{numRuns: 150},
	);
	t.pass();
});

test('a prefix is made of whole components', t => {
	const table: Array<[string, string, boolean]> = [
		['6.1.180-1', '6.1', true],
		['6.1.180-1', '6', true],
		['6.1.180-1', '6.1.18', false],
		['6.12.3-1', '6.1', false],
		['6.1.180-1', '6.1.180', true],
		['6.1.180-1', '6.1.180-1', true],
		['6.1.180-1', '7', false],
		['20.10.24+dfsg1-1+deb12u1+b6', '20.10.24+dfsg1-1+deb12u1', true],
	];
	for (const [version, prefix, expected] of table) {
		t.is(hasPrefix(version, prefix), expected, `${version} begins with ${prefix}`);
	}
});

test('the upstream version is what the program itself says', t => {
	t.is(upstreamOf('20.10.24+dfsg1-1+deb12u1+b6'), '20.10.24');
	t.is(upstreamOf('5:26.1.4-1~debian.12~bookworm'), '26.1.4');
	t.is(upstreamOf('6.12.107-1~deb12u1'), '6.12.107');
	t.is(upstreamOf('5.15.0-91.101'), '5.15.0');
});

test('the neighbours of a version that is missing are the next lower and the next higher', t => {
	const versions = ['7.3.4', '6.16.12', '6.16.3', '6.12.117', '6.1.192'];
	t.deepEqual(nearestVersions('6.13', versions), ['6.12.117', '6.16.3']);
	t.deepEqual(nearestVersions('9', versions), ['7.3.4']);
	t.deepEqual(nearestVersions('4.19', versions), ['6.1.192']);
});
