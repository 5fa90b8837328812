/** local.conf, and what must not be read in a log. */
import test from 'ava';
import {localConf, settingsOf} from './local-conf.ts';
import {maskSecrets, visibleText} from './text.ts';

const plain = {hostIp: '10.99.0.1', password: 's0123', slow: false, localrc: {}};

test('nothing is left for stack.sh to ask, guess or fetch from elsewhere', t => {
	const text = localConf(plain);
	t.regex(text, /^\[\[local\|localrc\]\]\n/);
	for (const name of ['ADMIN', 'DATABASE', 'RABBIT', 'SERVICE']) {
		t.true(text.includes(`${name}_PASSWORD="s0123"\n`), name);
	}

	t.true(text.includes('HOST_IP="10.99.0.1"\n'));
	t.true(text.includes('no_proxy="localhost,127.0.0.1,10.99.0.1"\n'));
	t.false(text.includes('ACTIVE_TIMEOUT'));
});

test('the machine is in no_proxy whatever else is, and proxies are reported', t => {
	const {http_proxy, no_proxy} = settingsOf({
		...plain,
		proxy: {http: 'http://p.example:3128'},
		localrc: {no_proxy: 'a.example,127.0.0.1'},
	});
	t.is(http_proxy, 'http://p.example:3128');
	t.is(no_proxy, 'localhost,127.0.0.1,10.99.0.1,a.example');
});

test('under emulation exercises have time, unless the user says otherwise', t => {
	t.is(settingsOf({...plain, slow: true}).ACTIVE_TIMEOUT, '300');
	t.is(settingsOf({...plain, slow: true, localrc: {ACTIVE_TIMEOUT: '60'}}).ACTIVE_TIMEOUT, '60');
});

for (const value of ['a"b', 'a\nb', 'a`b`']) {
	test(`the value ${JSON.stringify(value)} is refused`, t => {
		t.throws(() => localConf({...plain, localrc: {NAME: value}}), {instanceOf: RangeError});
	});
}

const secrets: [text: string, masked: string][] = [
	['+ mysql -uroot -ps0123 -h127.0.0.1', '+ mysql -uroot -p******** -h127.0.0.1'],
	['The password: hunter22', 'The password: ********'],
	['export OS_PASSWORD=hunter22 OS_USER=admin', 'export OS_PASSWORD=******** OS_USER=admin'],
	['SERVICE_TOKEN = "abc"', 'SERVICE_TOKEN = "********"'],
	['admin_password: hunter22', 'admin_password: ********'],
	['enter a password to use for the database', 'enter a password to use for the database'],
	// MySQL's own words: whether there was one.
	['ERROR 1045 (using password: YES)', 'ERROR 1045 (using password: YES)'],
];
for (const [text, expected] of secrets) {
	test(`masked: ${text}`, t => {
		t.is(maskSecrets(text, ['s0123']), expected);
	});
}

test('a line is what was meant', t => {
	t.is(visibleText('2016-04-26 10:21:17.123 | \u001B[31mred\u001B[0m\r'), 'red');
	t.is(visibleText('10%\r50%\r100%'), '100%');
	t.is(visibleText('2016-04-26 10:21:17.123 | '), '');
});
