import test from 'ava';
import {withSbin} from '../environment.ts';
import {checksOf} from './checks.ts';
import type {Facts} from './facts.ts';
import type {Check, HostNeeds} from './index.ts';
import {acceleratorCheck, checkHost, installRemedy, missingPackages, readKvm} from './index.ts';
import {aptArguments, installCommand, isAboutLock} from './install.ts';
import type {Kvm} from './kvm.ts';
import {find} from './tools.ts';

const good: Facts = {
	platform: 'linux',
	architecture: 'x64',
	release: {ID: 'debian', PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)'},
	isRoot: true,
	find: command => `/usr/bin/${command}`,
	memory: 16_000,
	cpus: 2,
	disk: {folder: '/var/cache', free: 50_000},
};

const reported = (facts: Partial<Facts>) =>
	checksOf({...good, ...facts})
		.filter(({state}) => state !== 'ok')
		.map(({name, state}) => `${name} ${state}`);

const rows: [what: string, facts: Partial<Facts>, reported: string[]][] = [
	['a good host', {}, []],
	['Ubuntu', {release: {ID: 'ubuntu', ID_LIKE: 'debian'}}, []],
	['a derivative', {release: {ID: 'linuxmint', ID_LIKE: 'ubuntu debian'}}, []],
	['Fedora', {release: {ID: 'fedora', PRETTY_NAME: 'Fedora'}}, ['distribution missing']],
	['no os-release', {release: {}}, ['distribution missing']],
	['another architecture', {architecture: 'arm64'}, ['system missing']],
	['another system', {platform: 'darwin', release: {}}, ['system missing', 'distribution missing']],
	['little memory', {memory: 2000}, ['free memory warning']],
	['a full disk', {disk: {folder: '/', free: 100}}, ['free disk missing']],
	[
		'a plain user',
		{isRoot: false, find: command => (command === 'newuidmap' ? undefined : '/x')},
		['newuidmap missing'],
	],
];

for (const [what, facts, expected] of rows) {
	test(`${what}: ${expected.join(', ') || 'nothing is missing'}`, t => {
		t.deepEqual(reported(facts), expected);
	});
}

test('every check that is not ok says what to do, by a package or a remedy', t => {
	const worst = checksOf({
		...good,
		release: {},
		platform: 'aix',
		find: () => undefined,
		memory: 0,
		disk: {folder: '/', free: 0},
	});
	for (const check of worst) {
		t.not(check.state, 'ok', check.name);
		t.truthy(check.package ?? check.remedy, check.name);
	}
});

test('packages that bring several programs are installed once', t => {
	const packages = missingPackages(checksOf({...good, find: () => undefined}));
	t.is(new Set(packages).size, packages.length);
	t.true(packages.includes('openssh-client'));
	t.is(installCommand(['a', 'b']), 'sudo apt-get update && sudo apt-get install -y --no-install-recommends a b');
});

const own: HostNeeds = {provider: 'own', tools: [{command: 'own-tool', package: 'own-package', use: 'runs it'}]};

test('what something needs beyond every run is looked for like the rest', t => {
	const looked: Check[] = [{name: 'its daemon', state: 'warning', seen: 'asleep', needed: 'or it is slow'}];
	const checks = checksOf(
		{...good, find: command => (command === 'own-tool' ? undefined : '/x')},
		[...own.tools],
		looked,
	).filter(({state}) => state !== 'ok');
	t.deepEqual(
		checks.map(({name, state}) => `${name} ${state}`),
		['own-tool missing', 'its daemon warning'],
	);
});

test('what installs what is missing has the options that found it missing; a plain user gets the command itself', t => {
	const missing = checksOf({...good, find: command => (command === 'own-tool' ? undefined : '/x')}, [
		...own.tools,
	]).filter(({state}) => state === 'missing');
	t.is(installRemedy(missing, [own], 'root'), 'swarmlab doctor --provider own --fix');
	t.is(installRemedy(missing, [], 'sudo'), 'swarmlab doctor --fix');
	t.is(installRemedy(missing, [own], 'none'), installCommand(['own-package']));
});

const plain: Kvm = {opened: 'ok', user: 'ann', isRoot: false, group: 'kvm', isOpenToGroup: true, isInGroup: false};
const denied = {...plain, opened: 'EACCES'};
const failed = {accelerator: 'tcg', reason: 'a boot with it failed'};

const accelerators: [what: string, kvm: Kvm, proof: typeof failed | undefined, state: string, remedy?: RegExp][] = [
	['that opens', plain, undefined, 'ok'],
	['with which a kernel booted', plain, {accelerator: 'kvm', reason: 'it booted'}, 'ok'],
	['with which no kernel boots', plain, failed, 'warning', /no kernel boots with it/],
	['that is not there', {opened: 'ENOENT', user: 'ann', isRoot: false}, failed, 'warning', /firmware.*--device/],
	['without a processor', {...plain, opened: 'ENODEV'}, undefined, 'warning', /modprobe kvm_intel/],
	['that does not open', {...plain, opened: 'EIO'}, undefined, 'warning', /dmesg/],
	['closed to a container', {...plain, opened: 'EPERM'}, undefined, 'warning', /--device \/dev\/kvm/],
	['closed to root', {...denied, isRoot: true}, undefined, 'warning', /--device \/dev\/kvm/],
	['of a group that the user is not in', denied, failed, 'warning', /^sudo adduser ann kvm, then log in again$/],
	['whose group the session does not know yet', {...denied, isInGroup: true}, undefined, 'warning', /^Log in again$/],
	[
		"that is root's alone",
		{...denied, group: 'root', isOpenToGroup: false},
		undefined,
		'warning',
		/^sudo chgrp kvm \/dev\/kvm && sudo chmod g\+rw \/dev\/kvm && sudo adduser ann kvm, then log in again$/,
	],
];

for (const [what, kvm, proof, state, remedy] of accelerators) {
	test(`a KVM ${what} is reported as ${state}`, t => {
		const check = acceleratorCheck(kvm, proof);
		t.is(check.state, state as typeof check.state);
		t.regex(check.remedy ?? '', remedy ?? /^$/);
	});
}

test('where software emulation is asked for, no device counts', t => {
	t.like(acceleratorCheck(denied, failed, 'tcg'), {state: 'ok', seen: 'tcg: SWARMLAB_ACCELERATOR asks for it'});
});

test('a device that is not there, and one that is none, are reported by their codes', async t => {
	t.is((await readKvm('/nowhere/kvm')).opened, 'ENOENT');
	t.is((await readKvm('/dev/null')).opened, 'ok');
	t.is((await readKvm('/')).opened, 'EISDIR');
});

test('apt is called so that it never asks and waits for its lock', t => {
	const words = aptArguments('sudo', ['install', 'zstd']);
	t.deepEqual(words.slice(0, 3), ['sudo', '-n', 'env']);
	t.true(words.includes('DEBIAN_FRONTEND=noninteractive'));
	t.true(words.includes('DPkg::Lock::Timeout=600'));
	t.is(aptArguments('root', ['update'])[0], 'env');
});

const lockLines: [line: string, expected: boolean][] = [
	['Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt)...', true],
	['E: Could not get lock /var/lib/apt/lists/lock. It is held by process 3 (apt-get)', true],
	['E: Unable to lock directory /var/lib/apt/lists/', true],
	['E: Unable to locate package qemu', false],
];

for (const [line, expected] of lockLines) {
	test(`"${line.slice(0, 40)}…" is ${expected ? '' : 'not '}about a lock`, t => {
		t.is(isAboutLock(line), expected);
	});
}

test("programs that only root's PATH has are found", t => {
	t.is(withSbin('/usr/bin:/sbin'), '/usr/bin:/sbin:/usr/local/sbin:/usr/sbin');
	t.is(withSbin(':/usr/bin:'), '/usr/bin:/usr/local/sbin:/usr/sbin:/sbin', 'an empty part means the folder one is in');
	t.is(find('sh', '/nowhere:/bin'), '/bin/sh');
	t.is(find('not-there-at-all', '/bin'), undefined);
});

test('this host is looked at quickly, and every check is reported', async t => {
	const checks = await checkHost([own]);
	t.true(checks.length >= 15);
	t.true(checks.some(({name}) => name === 'own-tool'));
	t.true(checks.every(({name, seen, needed}) => name && seen && needed));
});
