import test from 'ava';
import {reasonOfExit, saidByEngine} from './engine-exit.ts';

const info = 'time="2026-11-27T03:00:00Z" level=info msg="Starting up"';

const rows: [what: string, said: string, reason: RegExp | undefined][] = [
	[
		'a daemon that does not read its data',
		`${info}\nfailed to start daemon: error while opening volume store metadata database: invalid database`,
		/^failed to start daemon: error while opening volume store/,
	],
	[
		'a daemon that does not know its configuration',
		"unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: x",
		/^unable to configure/,
	],
	[
		'a daemon that panics',
		`${info}\npanic: runtime error: invalid memory address\n\ngoroutine 1 [running]:`,
		/^panic: /,
	],
	['a daemon that was killed', `${info}\n${info}`, undefined],
	['a daemon that said nothing', '', undefined],
	[
		'a disk that is full',
		`${info}\nfailed to start daemon: mkdir /var/lib/docker/x: no space left on device`,
		undefined,
	],
];
for (const [what, said, reason] of rows) {
	test(`${what}: ${reason ? 'its reason' : 'not its own word'}`, t => {
		const found = reasonOfExit(said);
		if (reason) {
			t.regex(found ?? '', reason);
		} else {
			t.is(found, undefined);
		}
	});
}

test('the log of the engine is found on a console, up to what the node says next', t => {
	const console = 'swarmlab: FATAL: dockerd did not start: one\nfailed to start daemon: two\nswarmlab: node up\n';
	t.is(saidByEngine(console), 'one\nfailed to start daemon: two');
	t.is(saidByEngine('swarmlab: FATAL: no service images: cp: no such file\n'), undefined);
});
