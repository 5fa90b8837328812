/** stestr's text, read whole, cut and damaged. */
import test from 'ava';
import fc from 'fast-check';
import {oncePerTest, StestrReader, splitId, type TestStatus, type TestsRead} from './tests.ts';

const text = [
	'{0} tempest.api.x.test_skips[id-1,smoke] ... SKIPPED: Cinder is not available',
	'{0} tempest.api.x.test_fails[id-2,smoke] [0.500000s] ... FAILED',
	'',
	'Captured traceback:',
	'~~~~~~~~~~~~~~~~~~~',
	'    Traceback (most recent call last):',
	"    AssertionError: 'ACTIVE' != 'ERROR'",
	'',
	'{1} tempest.api.x.test_passes[id-3] [1.250000s] ... ok',
	'{0} setUpClass (tempest.api.y.Class) [0.000000s] ... FAILED',
	'{1} setUpClass (tempest.api.y.Class) [0.000000s] ... FAILED',
	'',
	'==============================',
	'Failed 3 tests - output below:',
	'==============================',
	'',
	'{9} this.is.no.test [1.0s] ... ok',
	'======',
	'Totals',
	'======',
	'Ran: 5 tests in 3.0000 sec.',
	' - Passed: 1',
	' - Skipped: 1',
	' - Expected Fail: 0',
	' - Unexpected Success: 0',
	' - Failed: 3',
	'',
].join('\n');

function readText(all: string, chunk = 1 << 20): TestsRead {
	const reader = new StestrReader();
	feed(Buffer.from(all), chunk, bytes => reader.write(bytes));
	return reader.end();
}

function feed(all: Buffer, chunk: number, take: (bytes: Buffer) => void): void {
	for (let at = 0; at < all.length; at += chunk) {
		take(all.subarray(at, at + chunk));
	}
}

test('text: each test once, with its time, reason and words; what is reported again below is not counted again', t => {
	const {tests, totals, problems} = readText(text);
	t.deepEqual(
		tests.map(({id, status, seconds, message}) => [id, status, seconds, message]),
		[
			['tempest.api.x.test_skips', 'skipped', undefined, 'Cinder is not available'],
			['tempest.api.x.test_fails', 'failed', 0.5, "AssertionError: 'ACTIVE' != 'ERROR'"],
			['tempest.api.x.test_passes', 'passed', 1.25, undefined],
			['setUpClass (tempest.api.y.Class)', 'failed', 0, undefined],
			['setUpClass (tempest.api.y.Class)', 'failed', 0, undefined],
		],
	);
	t.deepEqual(tests[0]!.attributes, ['id-1', 'smoke']);
	t.is(totals.Failed, 3);
	t.deepEqual(problems, []);
});

test('text: totals that contradict the tests are reported', t => {
	t.deepEqual(readText(text.replace(' - Failed: 3', ' - Failed: 0')).problems, [
		'Its totals say Failed: 0, and it lists 3.',
	]);
	t.deepEqual(readText(text.replace(' - Passed: 1', ' - Passed: 2').replace('Ran: 5', 'Ran: 6')).problems, [
		'Its totals say Passed: 2, and it lists 1.',
		'Its totals say Ran: 6, and it lists 5.',
	]);
	t.deepEqual(readText(text.replace('Ran: 5 tests in', 'Run: 614 in')).problems, [
		'Its totals say Ran: 614, and it lists 5.',
	]);
});

test('however the bytes are cut, the same is read', t => {
	const whole = readText(text);
	fc.assert(
		fc.property(fc.integer({min: 1, max: 90}), chunk => {
			t.deepEqual(readText(text, chunk), whole);
		}),
	);
});

test('any bytes at all are read without an error, and without end', t => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 600}), bytes => {
			const reader = new StestrReader();
			// Bytes behind the start of a result are the interesting ones.
			reader.write(Buffer.concat([Buffer.from('{0} a.test_b [0.1s] ... ok\n{0} '), Buffer.from(bytes)]));
			t.is(reader.end().tests[0]?.id, 'a.test_b');
		}),
		{numRuns: 500},
	);
});

test('an id is distinguished from what stands behind it', t => {
	t.deepEqual(splitId('a.b.test_c[id-1,smoke]'), {id: 'a.b.test_c', attributes: ['id-1', 'smoke']});
	t.deepEqual(splitId('setUpClass (a.B)'), {id: 'setUpClass (a.B)', attributes: []});
});

test('text: a test whose worker died is unfinished, however its end is reported', t => {
	for (const end of ['[] ... inprogress', '... inprogress', '[0.100000s] ... inprogress', '[] ... unknown']) {
		const {tests} = readText(`{0} a.b.test_first [0.1s] ... ok\n{1} a.b.test_dies[id-1] ${end}\n`);
		t.deepEqual(
			tests.map(({id, status}) => [id, status]),
			[
				['a.b.test_first', 'passed'],
				['a.b.test_dies', 'unfinished'],
			],
			end,
		);
	}
});

test('text: a result behind output without a line end is read, and that output is of the test before', t => {
	const {tests, problems} = readText(
		text.replace('{1} tempest.api.x.test_passes', 'value {0}: 50%{1} tempest.api.x.test_passes'),
	);
	t.deepEqual(problems, []);
	t.like(tests[2], {id: 'tempest.api.x.test_passes', status: 'passed', seconds: 1.25});
	t.regex(tests[1]!.details, /value \{0\}: 50%$/);
});

test('text: a rule or a total in the output of a test ends nothing', t => {
	const {tests, totals, problems} = readText(
		text.replace('Captured traceback:', 'Captured traceback:\n=========\n - Failed: 99\nTotals\n====='),
	);
	t.is(tests.length, 5);
	t.is(totals.Failed, 3);
	t.deepEqual(problems, []);
});

test('text: an unexpected success fails, an expected failure passes, and the totals agree', t => {
	for (const word of ['FAILED', 'uxsuccess']) {
		const {tests, problems} = readText(
			[
				`{0} a.test_fixed [0.1s] ... ${word}`,
				'{0} a.test_known [0.1s] ... ok',
				...['====', 'Totals', '====', 'Ran: 2 tests in 0.2 sec.', ' - Passed: 0', ' - Skipped: 0'],
				...[' - Expected Fail: 1', ' - Unexpected Success: 1', ' - Failed: 0', ''],
			].join('\n'),
		);
		t.deepEqual(problems, []);
		t.like(tests[0], {status: 'failed', message: 'it passes, and is marked as an expected failure'});
		t.is(tests[1]!.status, 'passed');
	}
});

test('text: what was cut off before its totals is reported', t => {
	const end = text.indexOf('======\nTotals');
	t.regex(readText(text.slice(0, end)).problems.join(), /did not run to its end/);
	t.deepEqual(readText('{0} a.test_x [] ... inprogress\n\nNo tests were successful during the run\n').problems, []);
	t.deepEqual(readText('').problems, []);
});

test('of one id that was reported more than once the worst counts, in whatever order', t => {
	const reported = (...statuses: TestStatus[]) =>
		oncePerTest(statuses.map(status => ({id: 'a', status, attributes: [], details: ''}))).map(each => each.status);
	t.deepEqual(reported('failed', 'skipped'), ['failed']);
	t.deepEqual(reported('skipped', 'failed', 'passed'), ['failed']);
	t.deepEqual(reported('passed', 'unfinished', 'skipped'), ['unfinished']);
	t.deepEqual(reported('skipped', 'passed'), ['passed']);
});
