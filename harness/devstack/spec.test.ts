/** What a person may type for a stack, and what of DevStack's releases we know. */
import test from 'ava';
import {UsageError} from '../errors.ts';
import {findRevision, requireSystem, revisions} from './revisions.ts';
import {parseLocalrc, requireGitBase, resolveStack} from './spec.ts';

test('a release, and a commit of it', t => {
	t.like(resolveStack('devstack:mitaka@96ffde28'), {
		kind: 'devstack',
		label: 'devstack-mitaka-96ffde28',
		revision: 'mitaka',
		commit: '96ffde28',
	});
	t.deepEqual(resolveStack('devstack:mitaka').exercises, [
		...['aggregates', 'boot_from_volume', 'client-args', 'client-env', 'floating_ips', 'neutron-adv-test'],
		...['sec_groups', 'swift', 'volumes'],
	]);
	t.like(resolveStack('devstack:96ffde28'), {
		label: 'devstack-96ffde28',
		commit: '96ffde28b6e2f55f95997464aec47ae2c6cf91d3',
	});
	t.notThrows(() => requireSystem(findRevision('96ffde28'), 'xenial'));
	t.is(resolveStack('rehearsal').label, 'rehearsal');
	t.regex(resolveStack('rehearsal').what, /no OpenStack in it/);
});

const bad: [spec: string, message: RegExp, remedy: RegExp][] = [
	['rehersal', /no stack 'rehersal'. Did you mean rehearsal\?/, /devstack:RELEASE/],
	['devstack', /Which release/, /devstack:mitaka/],
	['devstack:mitak', /no DevStack release 'mitak'. Did you mean mitaka\?/, /icehouse, juno/],
	['devstack:mitaka@HEAD', /'HEAD' is no commit/, /COMMIT/],
	['rehearsal:mitaka', /has no releases/, /RELEASE/],
	// What came after July 2018 has none, and the remedy is what took their place.
	[
		'devstack:stein',
		/DevStack stein has no exercises.*after rocky/,
		/Tempest: swarmlab run scenarios\/devstack\/tempest\.ts --stack devstack:stein/,
	],
	['devstack:master', /no exercises/, /Tempest/],
	['constructor', /no stack/, /RELEASE/],
];
for (const [spec, message, remedy] of bad) {
	test(`the stack ${spec} is refused`, t => {
		const error = t.throws(() => resolveStack(spec), {instanceOf: UsageError, message})!;
		t.regex(error.remedy ?? '', remedy);
	});
}

test('whoever wants no exercises may have a release without', t => {
	t.deepEqual(resolveStack('devstack:2024.1', {exercises: false}).exercises, []);
});

test('a system that a release does not know is refused, with those that it knows', t => {
	const error = t.throws(() => requireSystem(findRevision('mitaka'), 'xenial'), {
		instanceOf: UsageError,
		message: /mitaka does not know xenial: its stack\.sh accepts trusty, vivid, wily/,
	})!;
	t.regex(error.remedy ?? '', /96ffde28, newton, ocata, pike, queens, rocky/);
	t.notThrows(() => requireSystem(findRevision('newton'), 'xenial'));
	t.throws(() => requireSystem(findRevision('rocky'), 'bookworm'), {message: /does not know bookworm/});
});

test('every release with an end-of-life tag is checked out by it, later ones by their branch', t => {
	t.is(findRevision('mitaka').tag, 'mitaka-eol');
	t.is(findRevision('2024.2').tag, '2024.2-eol');
	t.is(findRevision('2025.1').tag, 'stable/2025.1');
	t.is(findRevision('master').tag, 'master');
	t.is(new Set(revisions.map(({name}) => name)).size, revisions.length);
});

test('lines of local.conf', t => {
	t.deepEqual(parseLocalrc(['A=1', 'no_proxy=a,b', 'EMPTY=']), {A: '1', no_proxy: 'a,b', EMPTY: ''});
	for (const line of ['A', '1A=2', 'A="b"', 'A=b\nC=d', '=x']) {
		t.throws(() => parseLocalrc([line]), {instanceOf: UsageError});
	}
});

test('a tree that is cloned needs a server, and our own trees need none', t => {
	t.throws(() => requireGitBase(resolveStack('devstack:rocky')), {
		instanceOf: UsageError,
		message: 'The machine of devstack-rocky clones DevStack, and nothing says from which server.',
	});
	t.notThrows(() => requireGitBase(resolveStack('devstack:rocky', {localrc: {GIT_BASE: 'https://git.example.org'}})));
	t.notThrows(() => requireGitBase(resolveStack('rehearsal')));
});
