import test from 'ava';
import {UsageError} from '../errors.ts';
import {providerNames} from '../providers/names.ts';
import {checkConfig, parseConfig} from './parse.ts';

test('an empty config is all defaults', t => {
	t.deepEqual(parseConfig({}), {
		kernels: ['default'],
		engines: ['default'],
		upgrade: [],
		services: {},
		variants: [],
		topologies: [{managers: 1, workers: 2}],
		machine: {memory: 1024, cpus: 1},
		plain: false,
		providers: ['qemu'],
		scenarios: ['scenarios/{*,issues/**/*}.ts'],
		stacks: ['packaged'],
		exclude: [],
		repeat: 1,
		jobs: 'auto',
		runsKept: 50,
		packages: {},
	});
});

const bad: [what: string, input: unknown, problem: string][] = [
	['a mistyped field', {kernals: ['6.1']}, "kernals: there is no such field. Did you mean 'kernels'?"],
	[
		'a field that is like no other',
		{machine: {colour: 1}},
		'machine.colour: there is no such field. Valid: memory, cpus.',
	],
	[
		'a helper container that has neither image nor packages',
		{services: {registry: {ports: [5000]}}},
		'services.registry: {"ports":[5000]} is not valid. Valid: an object with either image or packages, and with ports or ready: docs/providers.md has an example.',
	],
	[
		'a helper container that has both',
		{services: {registry: {image: 'a', packages: ['a'], ports: [1]}}},
		'services.registry: {"image":"a","packages":["a"],"ports":[1]} is not valid. Valid: an object with either image or packages, and with ports or ready: docs/providers.md has an example.',
	],
	[
		'a helper container of which nobody knows when it is up',
		{services: {registry: {image: 'registry:2'}}},
		'services.registry: {"image":"registry:2"} is not valid. Valid: an object with either image or packages, and with ports or ready: docs/providers.md has an example.',
	],
	[
		'a mistyped field of a helper container',
		{services: {registry: {image: 'registry:2', port: [1], ports: [1]}}},
		"services.registry.port: there is no such field. Did you mean 'ports'?",
	],
	[
		'a port that is none',
		{services: {registry: {image: 'registry:2', ports: [70_000]}}},
		'services.registry.ports[0]: 70000 is not valid. Valid: a port from 1 to 65535.',
	],
	[
		'a pattern that is none',
		{services: {registry: {image: 'registry:2', ready: {log: '('}}}},
		"services.registry.ready.log: '(' is not valid. Valid: a regular expression.",
	],
	[
		'a relative path of a file',
		{services: {registry: {image: 'registry:2', ports: [1], files: {'etc/a': ''}}}},
		'services.registry.files: {"etc/a":""} is not valid. Valid: an object of texts by absolute paths in the container.',
	],
	[
		'a helper container with the name of a node',
		{services: {m1: {image: 'registry:2', ports: [1]}}},
		'services: {"m1":{"image":"registry:2","ports":[1]}} is not valid. Valid: an object of up to 12 helper containers by their names: lower-case letters, digits and dashes, and no name of a node.',
	],
	[
		'suites in one text',
		{packages: {suites: ['bookworm trixie']}},
		"packages.suites[0]: 'bookworm trixie' is not valid. Valid: text without blanks and brackets: code names of suites, such as 'bookworm'.",
	],
	[
		"an option of apt's for a suite",
		{packages: {suites: ['[trusted=yes]']}},
		"packages.suites[0]: '[trusted=yes]' is not valid. Valid: text without blanks and brackets: code names of suites, such as 'bookworm'.",
	],
	[
		'a mistyped word',
		{jobs: 'atuo'},
		"jobs: 'atuo' is not valid. Valid: 'auto' or a whole number from 1 to 64. Did you mean 'auto'?",
	],
	[
		'a mistyped seed',
		{seed: 'randon'},
		"seed: 'randon' is not valid. Valid: 'random' or a whole number from 0 to 4294967295. Did you mean 'random'?",
	],
	[
		'a seed that is no whole number',
		{seed: 1.5},
		"seed: 1.5 is not valid. Valid: 'random' or a whole number from 0 to 4294967295.",
	],
	['a number out of bounds', {repeat: 0}, 'repeat: 0 is not valid. Valid: a whole number from 1 to 1000.'],
	[
		'a value deep inside',
		{topologies: [{}, {managers: 'three'}]},
		"topologies[1].managers: 'three' is not valid. Valid: a whole number from 1 to 7.",
	],
	[
		'a text where a list belongs',
		{kernels: '6.1'},
		"kernels: '6.1' is not valid. Valid: a list of one or more texts: versions ('6.1'), package names, paths or URLs; or objects of them by node, as in {m1: 'A', others: 'B'}.",
	],
	[
		'a mistyped provider',
		{providers: ['qmeu']},
		`providers[0]: 'qmeu' is not valid. Valid: ${providerNames.map(name => `'${name}'`).join(' or ')}. Did you mean 'qemu'?`,
	],
	[
		'a relative key file',
		{packages: {keyring: 'keys.gpg'}},
		"packages.keyring: 'keys.gpg' is not valid. Valid: an absolute path.",
	],
	['no object', 7, /^the config: 7 is not valid\. Valid: an object with the fields kernels, engines, /.source],
];

for (const [what, input, problem] of bad) {
	test(`${what} is reported with its key, its value and what is valid`, t => {
		const [first, ...more] = checkConfig(input);
		t.deepEqual(more, []);
		if (problem.startsWith('^')) {
			t.regex(first!, new RegExp(problem));
		} else {
			t.is(first, problem);
		}
	});
}

test('all problems of file and options come at once, each under the name that was typed', t => {
	const error = t.throws(() => parseConfig({kernals: [], repeat: -1}, 'my.config.ts', {jobs: 'atuo', memory: '12'}), {
		instanceOf: UsageError,
	});
	t.is(
		error.message,
		[
			'my.config.ts is not valid:',
			'  repeat: -1 is not valid. Valid: a whole number from 1 to 1000.',
			"  kernals: there is no such field. Did you mean 'kernels'?",
			'the command line is not valid:',
			'  --memory: 12 is not valid. Valid: a whole number from 512 to 65536 (MiB).',
			"  --jobs: 'atuo' is not valid. Valid: 'auto' or a whole number from 1 to 64. Did you mean 'auto'?",
		].join('\n'),
	);
});

test('what is wrong twice is said once', t => {
	const error = t.throws(() => parseConfig({}, 'the config', {kernel: ['', '']}), {instanceOf: UsageError});
	t.is(error.message.split('--kernel').length, 2);
});

test('options override the file field by field', t => {
	const config = {
		kernels: ['5.10'],
		machine: {memory: 2048, cpus: 2},
		topologies: [{managers: 3, workers: 0}, {managers: 1}],
		packages: {suites: ['bookworm']},
	};
	const settings = parseConfig(config, 'the config', {
		kernel: ['6.1', '6.12'],
		cpus: '4',
		workers: '1',
		jobs: '2',
		allowExpired: true,
	});
	t.deepEqual(settings.kernels, ['6.1', '6.12']);
	t.deepEqual(settings.machine, {memory: 2048, cpus: 4});
	t.deepEqual(settings.topologies, [{managers: 3, workers: 1}]);
	t.is(settings.jobs, 2);
	t.deepEqual(settings.packages, {suites: ['bookworm'], allowExpired: true});
});
