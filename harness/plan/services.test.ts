import test from 'ava';
import type {Packages} from '../artifacts/packages/packages.ts';
import {UsageError} from '../errors.ts';
import {resolveServices} from './services.ts';

/** Packages of two releases. */
const packages = {
	suites: ['bookworm', 'bookworm-security', 'trixie'],
	offered: async (names: readonly string[]) =>
		[
			{name: 'squid', version: '6', suite: 'trixie'},
			{name: 'squid', version: '5.2', suite: 'bookworm-security'},
			{name: 'squid', version: '5.1', suite: 'bookworm'},
			{name: 'nginx', version: '9', suite: 'bookworm-backports'},
		].filter(({name}) => names.includes(name)),
} as unknown as Packages;

test('packages are the newest of the release, with what is left out filled in', async t => {
	const [proxy] = await resolveServices({proxy: {packages: ['squid'], ports: [3128]}}, packages, 'bookworm');
	t.deepEqual(proxy, {
		name: 'proxy',
		from: {
			type: 'packages',
			packages: [{name: 'squid', version: '5.2', suite: 'bookworm-security'}],
			suite: 'bookworm',
		},
		environment: {},
		ports: [3128],
		files: {},
	});
});

test('every package that the release does not have is named, with its helper container', async t => {
	const asked = resolveServices(
		{a: {packages: ['squid', 'sqiud']}, b: {packages: ['nginx']}, c: {image: 'registry:2'}},
		packages,
		'bookworm',
	);
	const {message} = (await t.throwsAsync(asked, {instanceOf: UsageError}))!;
	t.regex(message, /services\.a\.packages: bookworm has no package 'sqiud'/);
	t.regex(message, /services\.b\.packages: bookworm has no package 'nginx'/);
});

test('on a host of another distribution packages are of the first release that is configured', async t => {
	const [proxy] = await resolveServices({proxy: {packages: ['squid'], ports: [3128]}}, packages, 'noble');
	t.like(proxy, {from: {suite: 'bookworm'}});
});
