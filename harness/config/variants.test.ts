import test from 'ava';
import {UsageError} from '../errors.ts';
import type {Variant} from '../model/index.ts';
import {checkConfig, parseConfig} from './parse.ts';
import {findVariant, variantOfDaemon} from './variants.ts';

const whole: Variant = {
	id: 'all-of-it',
	daemon: {mtu: 1400, 'log-opts': {'max-size': '10m'}},
	sysctl: {'net.ipv4.ip_forward': 1, 'net/ipv4/conf/eth0.1/rp_filter': '2'},
	modules: {withhold: ['xt_u32', 'xt-bpf']},
	kernelArgs: ['nosmt', 'ipv6.disable=1'],
	iptables: 'legacy',
	files: {'/etc/resolv.conf': 'nameserver 127.0.0.9\n'},
	before: {engine: ['modprobe ip_vs'], init: ['ip route add 172.18.0.0/16 via 10.99.0.2']},
	ifRefused: 'failed',
};

test('a config has variants, and each is kept as it is', t => {
	t.deepEqual(checkConfig({variants: [whole, {id: 'none'}]}), []);
	t.deepEqual(parseConfig({variants: [whole]}).variants, [whole]);
	t.deepEqual(parseConfig({}).variants, []);
});

const wrong: [what: string, variants: unknown, problem: RegExp][] = [
	[
		'a mistyped field',
		[{id: 'a', deamon: {mtu: 1}}],
		/^variants\[0\]\.deamon: there is no such field\. Did you mean 'daemon'\?$/,
	],
	[
		'a mistyped word',
		[{id: 'a', iptables: 'nftables'}],
		/^variants\[0\]\.iptables: 'nftables' is not valid\. Valid: 'legacy' or 'nft'/,
	],
	[
		'an id that no name of a file can be',
		[{id: 'A b', daemon: {mtu: 1}}],
		/^variants\[0\]\.id: 'A b' is not valid\. Valid: a word of at most 40/,
	],
	['no id', [{daemon: {mtu: 1}}], /^variants\[0\]\.id: undefined is not valid/],
	[
		'two of one id',
		[
			{id: 'a', daemon: {mtu: 1}},
			{id: 'a', daemon: {mtu: 2}},
		],
		/^variants\[1\]\.id: 'a' is the id of another variant, too/,
	],
	['nothing but an id', [{id: 'a'}], /^variants\[0\]\.id: 'a' changes nothing/],
	[
		'none with something',
		[{id: 'none', daemon: {mtu: 1}}],
		/^variants\[0\]\.id: 'none' is a node without a variant, so it has no daemon/,
	],
	[
		'a key of the lab',
		[{id: 'a', daemon: {hosts: []}}],
		/^variants\[0\]\.daemon\.hosts: the lab reaches the engine by its usual socket/,
	],
	[
		'a level without the line',
		[{id: 'a', daemon: {'log-level': 'error'}}],
		/^variants\[0\]\.daemon\.log-level: 'error' hides the line/,
	],
	[
		'no name of a setting',
		[{id: 'a', sysctl: {'../../etc/passwd': 1}}],
		/^variants\[0\]\.sysctl\.\.\.\/\.\.\/etc\/passwd: it is not the name of a setting/,
	],
	[
		'words of the lab',
		[{id: 'a', kernelArgs: ['swarmlab.name=x']}],
		/^variants\[0\]\.kernelArgs: the lab needs 'swarmlab\.name' as it is/,
	],
	[
		'too many words',
		[{id: 'a', kernelArgs: ['x'.repeat(1025)]}],
		/^variants\[0\]\.kernelArgs: they have 1025 characters\. Valid: at most 1024/,
	],
	[
		'a word that is two',
		[{id: 'a', kernelArgs: ['a b']}],
		/^variants\[0\]\.kernelArgs\[0\]: 'a b' is not valid\. Valid: text without blanks/,
	],
	[
		'a path that is none',
		[{id: 'a', files: {'etc/x': ''}}],
		/^variants\[0\]\.files\.etc\/x: it is not the absolute path/,
	],
	['a path with dots', [{id: 'a', files: {'/etc/../proc/x': ''}}], /it is not the absolute path/],
	[
		'a path that is mounted',
		[{id: 'a', files: {'/proc/sys/x': ''}}],
		/files\.\/proc\/sys\/x: \/proc is mounted while a node starts/,
	],
	[
		'the file of a field',
		[{id: 'a', files: {'/etc/docker/daemon.json': ''}}],
		/the lab writes it: use the field 'daemon'/,
	],
	[
		'a program of the lab',
		[{id: 'a', files: {'/usr/lib/swarmlab/engine': ''}}],
		/the lab writes it: these are the programs of the lab/,
	],
	[
		'a module with a path',
		[{id: 'a', modules: {withhold: ['../x']}}],
		/^variants\[0\]\.modules\.withhold\[0\]: '\.\.\/x' is not valid\. Valid: the name of a module/,
	],
];

for (const [what, variants, problem] of wrong) {
	test(`not valid: ${what}`, t => {
		const problems = checkConfig({variants});
		t.is(problems.length, 1, problems.join('\n'));
		t.regex(problems[0]!, problem);
	});
}

test('--daemon is a variant: dots lead into objects, and JSON is what it means', t => {
	t.deepEqual(variantOfDaemon(['mtu=1400']), {id: 'mtu-1400', daemon: {mtu: 1400}});
	t.deepEqual(variantOfDaemon(['log-opts.max-size=10m', 'log-opts.max-file="3"', 'debug=true']), {
		id: 'log-opts.max-size-10m-log-opts.max-file',
		daemon: {'log-opts': {'max-size': '10m', 'max-file': '3'}, debug: true},
	});
	t.deepEqual(variantOfDaemon(['dns=["10.0.0.1"]']).daemon, {dns: ['10.0.0.1']});
	t.deepEqual(variantOfDaemon(['label=a=b']).daemon, {label: 'a=b'});
	t.true(variantOfDaemon([`bip=${'9'.repeat(80)}`]).id.length <= 40);
});

test('--daemon explains what it does not take', t => {
	for (const [given, message] of [
		[['mtu'], /--daemon: 'mtu' is not a key with a value/],
		[['hosts=[]'], /^--daemon hosts: the lab reaches the engine/],
		[['log-level=fatal'], /^--daemon log-level: 'fatal' hides the line/],
		[['mtu=1', 'mtu=2'], /--daemon mtu=2: 'mtu' has another value already/],
		[['a=1', 'a.b=2'], /--daemon a\.b=2: 'a' has another value already/],
	] as const) {
		t.throws(() => variantOfDaemon(given), {instanceOf: UsageError, message}, given.join(' '));
	}
});

test('a variant that is not there is asked for by the nearest name', t => {
	t.is(findVariant('all-of-it', [whole]), whole);
	t.deepEqual(findVariant('none', [whole]), {id: 'none'});
	const error = t.throws(() => findVariant('al-of-it', [whole]), {instanceOf: UsageError});
	t.is(
		error.message,
		"--variant: there is no variant 'al-of-it'. Did you mean 'all-of-it'? There are: all-of-it, none.",
	);
});
