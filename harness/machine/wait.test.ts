import test from 'ava';
import {NotProvenError, WaitError} from '../errors.ts';
import {describeActivities, runActivity, runInScope} from './activity.ts';
import {recordMisuse, usageError} from './misuse.ts';
import {type Look, waitUntil} from './wait.ts';

const never = async (): Promise<Look<never>> => ({done: false, seen: '1 of 2 tasks running'});

test('a wait returns what was seen at last, and how long it took', async t => {
	let looks = 0;
	const look = async (): Promise<Look<string>> => {
		looks += 1;
		return looks < 3 ? {done: false, seen: `${looks}`} : {done: true, value: 'there'};
	};
	const {value, seconds} = await waitUntil('it is there', look, {limit: 3600, poll: 0.01});
	t.is(value, 'there');
	t.is(looks, 3);
	// From the call on, so with the pauses; a timer may fire up to a millisecond early.
	t.true(seconds > 0.015 && seconds < 3600);
});

test('a wait that runs out blames the product and says what it saw last', async t => {
	const error = await t.throwsAsync(waitUntil('2 tasks run', never, {limit: 0.1, poll: 0.02}), {
		instanceOf: NotProvenError,
		message: /^Waited \d+\.\d s until 2 tasks run\. Last seen: 1 of 2 tasks running$/,
	});
	t.is(error.lastSeen, '1 of 2 tasks running');
});

test('a wait for our own blames us', async t => {
	await t.throwsAsync(waitUntil('sshd answers', never, {limit: 0.1, poll: 0.02, ours: true}), {instanceOf: WaitError});
});

test('a wait that is hopeless ends at once', async t => {
	let looks = 0;
	const look = async () => {
		looks += 1;
		return {hopeless: 'rejected 3 times: no such image'};
	};
	await t.throwsAsync(waitUntil('2 tasks run', look, {limit: 60}), {
		message: /no such image; it is of no use to wait longer/,
	});
	t.is(looks, 1);
});

test('a look that never returns does not outlive the limit', async t => {
	t.timeout(60_000);
	await t.throwsAsync(
		waitUntil('it answers', () => new Promise<never>(() => {}), {limit: 0.1}),
		{
			message: /the last look itself did not return/,
		},
	);
});

test('what a look throws is thrown', async t => {
	const look = async () => {
		throw new TypeError('a mistake');
	};
	await t.throwsAsync(waitUntil('it answers', look, {limit: 1}), {instanceOf: TypeError});
});

test('a scope knows what is under way, and ending it ends waits', async t => {
	const ended = new AbortController();
	await runInScope({signal: ended.signal}, async scope => {
		const waiting = waitUntil('2 tasks run', never, {limit: 60, poll: 0.01});
		while (!describeActivities(scope).includes('last seen')) {
			await new Promise(resolve => setTimeout(resolve, 5));
		}

		t.regex(describeActivities(scope), /^until 2 tasks run \(\d+\.\d s, last seen: 1 of 2 tasks running\)$/);
		ended.abort();
		await t.throwsAsync(waiting, {name: 'AbortError'});
		await t.throwsAsync(
			runActivity('m1: uname -r', async () => 'too late'),
			{message: /not begun/},
		);
		t.is(describeActivities(scope), 'nothing of the lab was under way');
	});
});

test('a look in which a machine did not understand a command ends the wait at once, and blames us', async t => {
	const looks = {
		'an option that is not known': [1, "nsenter: invalid option -- 'c'\nBusyBox v1.30.1 multi-call binary."],
		'a program that is not there': [127, 'sh: 1: dig: not found'],
		'words without a reason': [126, ''],
	} as const;
	for (const [what, [exitCode, output]] of Object.entries(looks)) {
		const look = async (): Promise<Look<never>> => {
			await new Promise(resolve => setImmediate(resolve));
			recordMisuse('m1', 'nsenter --net=ingress_sbox sh -c true', exitCode, output);
			return {done: false, seen: output};
		};
		const error = await t.throwsAsync(waitUntil('the overlay carries packets', look, {limit: 3600}), {
			instanceOf: WaitError,
			message: /m1 does not understand "nsenter --net=ingress_sbox sh -c true": .+; it is of no use to wait longer/,
		});
		t.true(error.message.includes(output.split('\n')[0]!), what);
	}
});

test('a command that failed for its own reasons, or that was of use all the same, is no reason to give up', async t => {
	let looks = 0;
	const look = async (): Promise<Look<number>> => {
		looks += 1;
		recordMisuse('m1', 'ping 10.0.0.2', 1, '1 packets transmitted, 0 packets received, 100% packet loss');
		recordMisuse('m1', 'grep --help', 0, 'Usage: grep [OPTION]... PATTERNS [FILE]...');
		if (looks === 3) {
			recordMisuse('m1', 'ip -j address', 255, 'Option "-j" is unknown, try "ip -help".');
		}

		return looks < 3 ? {done: false, seen: 'nothing'} : {done: true, value: looks};
	};
	t.is((await waitUntil('it answers', look, {limit: 3600, poll: 0.001})).value, 3);
});

for (const line of [
	"nsenter: invalid option -- 'c'",
	"ls: unrecognized option '--frobnicate'",
	'sh: 1: dig: not found',
	'sh: frob: not found',
	'/usr/lib/swarmlab/quiet: line 3: frob: not found',
	'bash: line 1: frob: command not found',
	'frob: applet not found',
	'Usage: nsenter [OPTIONS] [PROG [ARGS]]',
	'Object "adress" is unknown, try "ip help".',
	'Option "-frob" is unknown, try "ip -help".',
	'iptables v1.8.7 (nf_tables): unknown option "--frob"',
	"curl: option --frob: is unknown\ncurl: try 'curl --help' for more information",
	'curl: option --max-time: requires parameter',
	'Invalid option: +frob',
	'unknown flag: --frob',
	"unknown shorthand flag: 'Z' in -Z",
	"docker: 'frob' is not a docker command.",
	'nsenter: failed to execute frob: No such file or directory',
	"Can't locate IO/Socket.pm in @INC",
]) {
	test(`is a machine's complaint about how it was called: ${line.split('\n')[0]}`, t => {
		t.is(usageError(`something before\n${line}`), line.split('\n')[0]);
	});
}

for (const line of [
	"nsenter: reassociate to namespace 'ns/net' failed: Invalid argument",
	'RTNETLINK answers: Invalid argument',
	'Error response from daemon: network frob not found',
	'curl: (7) Failed to connect to 10.0.0.2 port 80: Connection refused',
	'iptables: No chain/target/match by that name.',
	"Can't initialize ipvs: Protocol not available",
	"ping: bad address 'web'",
	'nsenter: cannot open /proc/123/ns/net: No such file or directory',
	'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
]) {
	test(`says something about what it was asked for: ${line}`, t => {
		t.is(usageError(line), undefined);
	});
}
