/** What stack.sh said, from texts of the shape that its revisions write. */
import test from 'ava';
import fc from 'fast-check';
import {type Failure, type StackLog, StackReader} from './stack-log.ts';

function read(text: string | Buffer, chunk = 1 << 20): {log: StackLog; failure: Failure} {
	const reader = new StackReader();
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += chunk) {
		reader.write(bytes.subarray(at, at + chunk));
	}

	const log = reader.end();
	return {log, failure: reader.failure(1)};
}

const gaveUp = ['Error on exit', './stack.sh: line 488: generate-subunit: command not found'];
const git = [
	"Cloning into '/opt/stack/requirements'...",
	'fatal: unable to connect to git.example.org:',
	'git.example.org[0: 192.0.2.1]: errno=Connection refused',
	'',
	'[Call Trace]',
	'/opt/stack/devstack/stack.sh:52:git_timed',
	'/opt/stack/devstack/functions-common:603:die',
	'[ERROR] /opt/stack/devstack/functions-common:603 git call failed: [git clone git://git.example.org/openstack/requirements.git /opt/stack/requirements]',
];

const failures: [name: string | undefined, lines: string[], line: RegExp, message?: RegExp][] = [
	['git blocked', [...git, ...gaveUp], /^\[ERROR\] .*git call failed/],
	[
		'another session',
		[
			'You are already running a stack.sh session.',
			"To rejoin this session type 'screen -x stack'.",
			"To destroy this session, type './unstack.sh'.",
		],
		/already running/,
	],
	[
		'apt sources',
		[
			'W: Failed to fetch http://a.example.org/x  404  Not Found',
			"[ERROR] /t/functions-common:1088 Failed to update apt repos, we're dead now",
			...gaveUp,
		],
		/we're dead now/,
	],
	[
		'MySQL denied',
		["ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)", '+ exit_trap', ...gaveUp],
		/^ERROR 1045/,
	],
	[
		'Open vSwitch denied',
		['ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (Permission denied)', ...gaveUp],
		/^ovs-vsctl/,
	],
	[
		'Keystone behind a proxy',
		[
			"Unable to establish connection to http://10.0.2.15:35357/v3: HTTPConnectionPool(host='proxy.example.com', port=3128)",
			'<title>ERROR: The requested URL could not be retrieved</title>',
			'Error on exit',
		],
		/proxy\.example\.com/,
	],
	['disk full', ["dd: error writing '/x': No space left on device", 'Error on exit'], /No space left/],
	[
		'system not supported',
		[
			'WARNING: this script has not been tested on zesty',
			'[ERROR] ./stack.sh:192 If you wish to run this script anyway run with FORCE=yes',
		],
		/FORCE=yes/,
	],
	// Known to nobody: the very words, where they were said.
	[
		undefined,
		[
			'[Call Trace]',
			'/opt/stack/devstack/stack.sh:52:die',
			'[ERROR] /opt/stack/devstack/stack.sh:52 keystone did not start',
			...gaveUp,
		],
		/keystone/,
		/^keystone did not start \(stack\.sh:52\)$/,
	],
	[
		undefined,
		['foo: command not found', 'stack.sh failed: full log in /opt/stack/logs/x', 'Error on exit'],
		/^foo/,
		/^foo: command not found$/,
	],
	// An error that stack.sh went on from is not its end.
	[
		undefined,
		[
			...git.slice(0, 3),
			...Array.from({length: 30}, (_, index) => `W: Failed ${index}`),
			'[ERROR] /opt/stack/devstack/lib/nova:7 nova did not start',
			'Error on exit',
		],
		/nova/,
		/^nova did not start/,
	],
];
for (const [name, lines, line, message] of failures) {
	test(`${name ?? message} is named, by the line that shows it`, t => {
		const {failure} = read(`${lines.join('\n')}\n`);
		t.is(failure.signature?.name, name);
		t.regex(failure.line ?? '', line);
		t.regex(failure.message, message ?? /./);
		t.notRegex(failure.message, /generate-subunit|worlddump/);
	});
}

test('what comes after the end is reported, and is never the cause', t => {
	const {failure} = read(
		[
			...git,
			...gaveUp,
			'ovs-vsctl: unix:/x/db.sock: database connection failed (Permission denied)',
			'World dumping... see ./worlddump-1.txt for details',
			'',
		].join('\n'),
	);
	t.is(failure.signature?.name, 'git blocked');
	t.deepEqual(failure.trace, [
		'/opt/stack/devstack/stack.sh:52:git_timed',
		'/opt/stack/devstack/functions-common:603:die',
	]);
	t.is(failure.aftermath.length, 3);
	t.regex(failure.aftermath[0]!, /generate-subunit.*before it is installed/);
	t.is(failure.lastWords.at(-1), git.at(-1));
});

test('of a command without an error message, the last line is reported', t => {
	const {failure} = read('+ sleep 1\n+ exit 3\n');
	t.regex(failure.message, /ended with 1 and did not say why; its last line: \+ exit 3/);
	t.is(failure.line, undefined);
});

const times = [
	[
		'2015',
		[
			'========================',
			'DevStack Components Timed',
			'========================',
			'',
			'apt-get - 221 secs',
			'git_timed - 512 secs',
		],
		undefined,
		undefined,
	],
	[
		'2016',
		[
			'=====',
			'DevStack Component Timing',
			'=====',
			'Total runtime         1834',
			'',
			'apt-get               221',
			'git_timed             512',
			'=====',
		],
		1834,
		undefined,
	],
	[
		'2026',
		[
			'=====',
			'DevStack Component Timing',
			' (times are in seconds)  ',
			'=====',
			'apt-get              221',
			'git_timed            512',
			'-----',
			'Unaccounted time     -49',
			'=====',
			'Total runtime        1834',
		],
		1834,
		-49,
	],
] as const;
for (const [year, lines, total, unaccounted] of times) {
	test(`the table of ${year} is read, with stamps before its lines or not`, t => {
		for (const stamp of ['', '2016-04-26 10:51:51.345 | ']) {
			const {log} = read(
				[...lines, '', '', 'This is your host IP address: 10.0.2.15'].map(line => `${stamp}${line}\n`).join(''),
			);
			t.deepEqual(log.times, {
				components: {'apt-get': 221, git_timed: 512},
				...(total !== undefined && {total}),
				...(unaccounted !== undefined && {unaccounted}),
			});
			t.is(log.hostIp, '10.0.2.15');
		}
	});
}

test('the newest line is reported while it goes on, blank lines or not', t => {
	const reader = new StackReader();
	t.is(reader.last, '');
	for (const text of ['waits for nova-api\n', '\n', '\n half a li']) {
		reader.write(Buffer.from(text));
	}

	t.is(reader.last, 'waits for nova-api');
});

test('bytes that are no UTF-8, escapes and a line without an end are only that', t => {
	const noise = Buffer.concat([
		Buffer.from([0xff, 0xfe, 0xe9, 0x0a]),
		Buffer.from('\u001B[31m10%\r50%\r100%\u001B[0m\n'),
		Buffer.alloc(200_000, 'x'),
		Buffer.from('\n'),
		Buffer.from(git.join('\n')),
	]);
	t.is(read(noise).failure.signature?.name, 'git blocked');
});

test('however the bytes are cut, the same is read', t => {
	const text = [...git, ...gaveUp, ''].join('\n');
	const whole = read(text).failure;
	fc.assert(
		fc.property(fc.integer({min: 1, max: 300}), chunk => {
			t.deepEqual(read(text, chunk).failure, whole);
		}),
	);
});

test('any bytes at all are read without an error', t => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 400}), fc.integer({min: 1, max: 50}), (bytes, chunk) => {
			t.is(typeof read(Buffer.from(bytes), chunk).failure.message, 'string');
		}),
	);
});
