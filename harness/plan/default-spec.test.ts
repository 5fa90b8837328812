import test from 'ava';
import {UsageError} from '../errors.ts';
import type {Engine, Kernel} from '../model/index.ts';
import {defaultEngine, defaultKernel} from './default-spec.ts';

const kernels = (
	[
		['7.3.1', 'trixie-backports'],
		['6.12.90', 'bookworm-security'],
		['6.1.180', 'bookworm-security'],
		['6.1.170', 'bookworm'],
		['5.10.1', 'bullseye'],
	] as const
).map(
	([label, suite]): Kernel => ({
		label,
		release: label,
		source: {type: 'package', package: {name: 'linux-image', version: label, suite}},
	}),
);

const engines = (
	[
		['28.5.2', 'forky'],
		['20.10.24', 'bookworm'],
		['20.10.5', 'bullseye'],
	] as const
).map(
	([label, suite]): Engine => ({
		label,
		version: label,
		source: {type: 'package', package: {name: 'docker.io', version: label, suite}, suite},
	}),
);

test("the default kernel is the newest of the release's own series", t => {
	t.is(defaultKernel(kernels, 'bookworm').label, '6.1.180');
	t.is(defaultKernel(kernels, 'bullseye').label, '5.10.1');
});

test("the default engine is the newest of the release's own suites", t => {
	t.is(defaultEngine(engines, 'bookworm').label, '20.10.24');
});

test('a release whose suites are not configured is a usage error that says what to do', t => {
	const error = t.throws(() => defaultKernel(kernels, 'noble'), {instanceOf: UsageError});
	t.regex(error.remedy!, /swarmlab kernels/);
	t.throws(() => defaultEngine(engines, 'noble'), {instanceOf: UsageError, message: /no engine/});
});
