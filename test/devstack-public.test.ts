/** Failures that people published, each named right, where these lie beside the project. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {ExerciseReader} from '../harness/devstack/exercise-log.ts';
import {judgeExercise} from '../harness/devstack/judge.ts';
import {StackReader} from '../harness/devstack/stack-log.ts';
import {StestrReader} from '../harness/devstack/tests.ts';
import {packageRoot} from '../harness/package.ts';

const folder = path.join(packageRoot, '../shared/devstack/public');
const withLogs = fs.existsSync(folder) ? test : test.skip;
const log = (name: string) => fs.readFileSync(path.join(folder, name));

/** The known name, where it has one; whose fault it is; what the message says, and the line that shows it. */
const failures: Record<
	string,
	[name: string | undefined, verdict: 'failed' | 'broken', message: RegExp, line: RegExp]
> = {
	's01-2014-raring-no-trap': ['system not supported', 'broken', /does not know the system/, /FORCE=yes$/],
	's03-2017-neutron-did-not-start': [
		undefined,
		'failed',
		/^Neutron did not start \(functions-common:2343\)$/,
		/^\[ERROR\].*Neutron did not start/,
	],
	's04-2020-rocky-os-testr': [undefined, 'failed', /requirement os-testr===2\.0\.0/, /Could not find a version/],
	's07-2022-requests-record': [undefined, 'failed', /Cannot uninstall requests 2\.25\.1/, /RECORD file not found/],
	's08-2022-openstack-not-found': [
		undefined,
		'failed',
		/^openstack: command not found \(functions-common:2458\)$/,
		/openstack: command not found$/,
	],
	's10-2022-django-admin': [
		undefined,
		'failed',
		/^django-admin\.py: command not found \(lib\/horizon:156\)$/,
		/django-admin\.py: command not found$/,
	],
	's12-2022-ln-zh': [
		'left behind',
		'broken',
		/'\/var\/run\/ovn\/openvswitch': 文件已存在 .*install_ovn:363\)$/,
		/^ln: /,
	],
	's13-2024-keystone-502': [
		'Keystone does not answer',
		'failed',
		/Bad Gateway \(HTTP 502\).*create_keystone_accounts:315\)$/,
		/^Failed to discover/,
	],
	's14-2017-keystone-https-url': [
		'Keystone does not answer',
		'failed',
		/Failed to discover available identity versions .*Could not determine a suitable URL/,
		/^Failed to discover/,
	],
	's15-2017-apache-uwsgi-tee': [
		undefined,
		'failed',
		/^tee: \S+02-proxy-uwsgi\.conf: No such file or directory \(lib\/apache:install_apache_uwsgi:113\)$/,
		/^tee: /,
	],
	's18-2017-wait-for-compute': [
		undefined,
		'failed',
		/^Didn't find service registered by hostname after 60 seconds \(functions:wait_for_compute:455\)$/,
		/^Didn't find/,
	],
	's21-2016-rcssmin-typeerror': [
		undefined,
		'failed',
		/^pip: setup\.py egg_info of rcssmin fails: TypeError: 'Documentation' object is not iterable/,
		/TypeError/,
	],
	's22-2018-get-pip-empty-reply': ['download failed', 'broken', /Empty reply from server/, /^curl: \(52\)/],
	's24-2018-local-sh-secgroup': ['local.sh', 'broken', /^local\.sh.*More than one SecurityGroup/, /More than one/],
	's25-2014-dpkg-lock': ['package manager locked', 'broken', /held by another process/, /Could not get lock/],
	's27-2014-pip-index': ['PyPI unreachable', 'broken', /cannot reach the package index/, /Cannot fetch index base URL/],
	's30-2022-httpd-restart': ['a service does not start', 'failed', /Job for httpd\.service failed/, /^Job for httpd/],
	's31-2016-mysql-1045-real': ['MySQL denied', 'broken', /another root password/, /^ERROR 1045/],
	's32-2016-identity-behind-proxy-real': [
		'Keystone behind a proxy',
		'broken',
		/through the proxy/,
		/^Discovering versions/,
	],
	's35-2016-git-generate-subunit-stamped': ['git blocked', 'broken', /cannot be cloned/, /git call failed/],
	's36-2022-rabbitmq-dpkg': ['a service does not start', 'failed', /rabbitmq-server/, /^Job for rabbitmq-server/],
	's43-2018-identity-no-proxy-set': [
		'Keystone does not answer',
		'failed',
		/Could not determine a suitable URL/,
		/^Discovering versions/,
	],
	's44-2022-mysql-1698': ['MySQL denied', 'broken', /auth_socket/, /^ERROR 1698/],
	's45-curl-progress-bar-then-die': [undefined, 'failed', /^g-api did not start \(lib\/glance:352\)$/, /g-api/],
};
for (const [name, [known, verdict, message, line]] of Object.entries(failures)) {
	withLogs(`${name} is ${verdict}: ${known ?? message}`, t => {
		const reader = new StackReader();
		reader.write(log(`${name}.txt`));
		reader.end();
		const failure = reader.failure(1);
		t.is(failure.signature?.name, known, failure.message);
		t.is(failure.signature?.blame === 'lab' ? 'broken' : 'failed', verdict);
		t.regex(failure.message, message);
		t.regex(failure.line ?? '', line);
		t.notRegex(failure.message, /exit_trap|worlddump|generate-subunit/);
	});
}

withLogs('every published failure is in the table', t => {
	const files = fs.readdirSync(folder).filter(each => /^s\d/.test(each));
	t.deepEqual(files.map(each => path.basename(each, '.txt')).sort(), Object.keys(failures).sort());
});

withLogs('the words of Open vSwitch after the end show why it complains', t => {
	const reported = (name: string) => {
		const reader = new StackReader();
		reader.write(log(name));
		reader.end();
		return reader.failure(1).aftermath.join('\n');
	};
	t.regex(
		reported('s08-2022-openstack-not-found.txt'),
		/No such file or directory\) \(worlddump asks .* does not run\)/,
	);
	t.regex(
		reported('s32-2016-identity-behind-proxy-real.txt'),
		/Permission denied\) \(worlddump asks .* without sudo\)/,
	);
});

withLogs('the end of queens is read', t => {
	const reader = new StackReader();
	reader.write(log('ok-2018-queens-end.txt'));
	const {times, versions, hostIp} = reader.end();
	t.is(Object.keys(times!.components).length, 9);
	t.like(times, {total: 2032, unaccounted: 424});
	t.is(hostIp, '192.0.2.75');
	t.like(versions, {'DevStack Version': 'queens', 'OS Version': 'Ubuntu 16.04 xenial'});
});

withLogs('a summary without a block is reported, and proves nothing', t => {
	const reader = new ExerciseReader();
	reader.write(log('exercise-2018-queens-with-rule.txt'));
	const read = reader.end();
	const verdicts = Object.keys(read.summary ?? {}).map(name => judgeExercise(name, {log: read, exitCode: 1}).verdict);
	t.deepEqual(verdicts, ['skipped', ...Array<string>(8).fill('broken')] as typeof verdicts);
});

withLogs('stestr: what is reported and its totals agree, or it is said', t => {
	const read = (name: string) => {
		const reader = new StestrReader();
		reader.write(log(name));
		return reader.end();
	};
	const killed = read('stestr-killed.txt');
	t.deepEqual(
		killed.tests.map(each => each.status),
		['unfinished'],
	);
	const unexpected = read('stestr-uxs.txt');
	t.deepEqual(
		unexpected.tests.map(each => each.status),
		['failed', 'passed', 'passed'],
	);
	t.regex(unexpected.tests[0]!.message ?? '', /marked as an expected failure/);
	t.deepEqual(unexpected.problems, []);
	t.regex(read('tempest-2014-run-totals.txt').problems.join('\n'), /Ran: 614, and it lists 1/);
});
