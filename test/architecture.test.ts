/** Imports point one way, and this table says which. */
import {existsSync, globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';
import {type Import, importsOf, sourceFiles} from './imports.ts';

/** What everybody may import; these import nothing else of ours. */
const everybody = [
	...['model', 'errors', 'paths', 'limits', 'nearest', 'called', 'relative-imports', 'applies', 'match'],
	...['environment', 'shown', 'write-atomically', 'package', 'workspace', 'old-names', 'shape'],
];

const artifacts = ['artifacts/packages', 'artifacts/kernels', 'artifacts/engines', 'artifacts/clouds'];

/** A room (the folder or file below harness/), and the rooms that it may import besides itself and those that everybody may. */
const MAY_IMPORT: Record<string, string[]> = {
	// It loads the command line by its path: in the package that ends in .js.
	swarmlab: [],
	// It loads this one, too.
	'compile-cache': [],
	cli: ['commands', 'host'],
	commands: [
		...['config', 'plan', 'host', 'store', 'artifacts/packages', 'artifacts/kernels', 'artifacts/engines', 'machine'],
		...['record', 'evidence', 'diagnosis', 'faults', 'expect', 'history', 'compare', 'verdict', 'bisect'],
		...['hypervisor', 'processes', 'run', 'reports', 'vagrant', 'providers/names.ts', 'providers/providers.ts'],
		// `swarmlab fault` talks to the switch of a LAN.
		'network',
		// `swarmlab box` is about Vagrant's boxes.
		'providers/vagrant',
		'init',
	],
	// What is written into the folder of a user.
	init: [],
	// What is expected of verdicts: pure.
	expect: [],
	config: ['expect', 'processes', 'providers/names.ts'],
	plan: [
		...[
			'config',
			'expect',
			'processes',
			'host',
			'devstack',
			'store',
			'artifacts/packages',
			'artifacts/kernels',
			'artifacts/engines',
			'providers/names.ts',
		],
	],
	host: [],
	guest: [],
	store: [],
	processes: [],
	network: [],
	machine: [],
	faults: ['machine', 'network'],
	hypervisor: ['machine', 'host'],
	'artifacts/packages': ['store'],
	'artifacts/kernels': ['artifacts/packages', 'store', 'guest'],
	'artifacts/engines': ['artifacts/kernels', 'artifacts/packages', 'store', 'guest', 'hypervisor'],
	'artifacts/clouds': ['artifacts/packages', 'store', 'guest'],
	capacity: ['store', 'processes'],
	vagrant: [],
	// The contract, which every provider keeps, and the table of those that there are.
	'providers/provider.ts': ['network', 'host', 'store', 'artifacts/packages', 'artifacts/engines'],
	'providers/names.ts': [],
	'providers/providers.ts': [
		...['providers/names.ts', 'providers/provider.ts', 'providers/qemu', 'providers/vagrant', 'providers/container'],
	],
	'providers/qemu': ['providers/provider.ts', 'machine', 'network', 'processes', 'guest', 'hypervisor'],
	'providers/vagrant': [
		...['providers/provider.ts', 'machine', 'network', 'vagrant', 'store', 'guest', 'hypervisor', 'host'],
		...['artifacts/packages', 'artifacts/kernels', 'artifacts/engines'],
	],
	'providers/container': ['providers/provider.ts', 'machine', 'network', 'host', 'swarm', 'guest'],
	swarm: ['machine'],
	devstack: ['machine'],
	evidence: ['machine', 'network'],
	diagnosis: [],
	provision: [
		...[
			'providers/provider.ts',
			'machine',
			'network',
			'swarm',
			'devstack',
			'processes',
			'store',
			'record',
			'hypervisor',
		],
		...artifacts,
	],
	scenario: ['machine', 'swarm', 'devstack', 'evidence', 'diagnosis', 'record', 'network', 'faults', 'expect'],
	record: ['expect'],
	history: ['record'],
	// The search is pure; only its journal is a file.
	bisect: ['record', 'artifacts/packages'],
	// Pure over records and evidence.
	compare: ['record', 'expect'],
	// A run against an earlier one: pure, but for the choice of that one.
	verdict: ['expect', 'history', 'record'],
	'run/process': ['record', 'machine', 'processes', 'faults'],
	run: [
		...[
			'provision',
			'capacity',
			'providers/provider.ts',
			'providers/providers.ts',
			'providers/names.ts',
			'record',
			'history',
			'run/process',
			'processes',
			'store',
			'devstack',
			'faults',
		],
		...['hypervisor', 'artifacts/packages', 'machine'],
	],
	// What a program may import: it works with containers only.
	containers: [...['plan', 'run', 'provision', 'processes', 'machine', 'providers/container', 'artifacts/packages']],
	reports: ['record', 'expect', 'compare', 'bisect', 'history'],
	// What builds the package knows nothing of what is in it.
	packaging: [],
	scenarios: ['scenario'],
	// What tests ask of real machines is measured, too.
	bench: [
		...[
			'providers/provider.ts',
			'providers/providers.ts',
			'providers/qemu',
			'plan',
			'provision',
			'run',
			'record',
			'hypervisor',
			'machine',
			'network',
		],
		...['processes', 'devstack', 'artifacts/packages', 'artifacts/kernels', 'artifacts/engines', 'test', 'faults'],
		// The bench of the diagnosis puts faults into a cell, and lets it be diagnosed.
		...['commands', 'containers', 'diagnosis', 'evidence', 'plan', 'scenario', 'history'],
	],
	model: [],
	errors: [],
	paths: [],
	limits: [],
	nearest: [],
	called: [],
	'relative-imports': [],
	applies: [],
	match: [],
	environment: [],
	shown: [],
	'write-atomically': [],
	package: [],
	workspace: [],
	'old-names': [],
	shape: [],
};

/** Tests may import whatever they test with. */
const isTest = (file: string) => file.endsWith('.test.ts') || file.startsWith('test/') || file.includes('/fixtures/');

/** `harness/plan/cells.ts` -> `plan`, `harness/artifacts/kernels/cpio.ts` -> `artifacts/kernels`, `harness/cli.ts` -> `cli`. */
function roomOf(file: string): string {
	const [top, ...below] = file.split('/');
	const inner = below.slice(0, 2).join('/');
	if (top !== 'harness') {
		return top!;
	}

	return inner in MAY_IMPORT ? inner : path.basename(below[0]!, path.extname(below[0]!));
}

/** What is wrong with an import; undefined if nothing is. */
function complaint({from, line, to, specifier}: Import): string | undefined {
	if (to === undefined) {
		return undefined;
	}

	const [room, other] = [roomOf(from), roomOf(to)];
	const allowed = MAY_IMPORT[room];
	if (!allowed) {
		return `room ${room} is not in MAY_IMPORT (${from}:${line}). Add a row for it.`;
	}

	if (room === 'scenarios' && other === 'scenario' && specifier.startsWith('.')) {
		return `a scenario file knows the harness by its door only (${from}:${line}). Import from 'swarmlab'.`;
	}

	return room === other || everybody.includes(other) || allowed.includes(other)
		? undefined
		: `room ${room} must not import ${other} (${from}:${line}, '${specifier}'). If it should, add it to MAY_IMPORT.`;
}

test('imports between rooms go only where the table lets them', t => {
	const complaints = sourceFiles()
		.filter(file => !isTest(file))
		.flatMap(file => importsOf(file))
		.flatMap(each => complaint(each) ?? []);
	t.deepEqual(complaints, []);
});

test('the table has no circles: what a room may import never leads back to it', t => {
	const reaches = (room: string, seen: string[] = []): string[] =>
		(MAY_IMPORT[room] ?? []).flatMap(next => (seen.includes(next) ? [] : [next, ...reaches(next, [...seen, next])]));
	for (const room of Object.keys(MAY_IMPORT)) {
		t.false(reaches(room).includes(room), room);
	}
});

/** Whatever the table says one day: these must not meet, not even by way of others. */
const NEVER: [room: string, others: string[], why: string][] = [
	['store', artifacts, 'what is kept does not know what is made'],
	['scenario', [...artifacts, 'provision', 'run', 'store'], 'a scenario process builds nothing and starts no machine'],
	['capacity', ['run', 'provision'], 'reservations do not know what they are for'],
	['provision', ['run', 'capacity', 'scenario'], 'a cell stands without a run'],
	[
		'provision',
		['providers/qemu', 'providers/vagrant', 'providers/container'],
		'it is handed the provider that it works with',
	],
	['run', ['reports', 'commands', 'plan'], 'a run is called by commands and by programs alike'],
	['diagnosis', ['evidence', 'machine', 'scenario', 'run'], 'a diagnosis knows the evidence alone'],
	['record', ['run', 'reports'], 'the record is the truth, and reports are made from it'],
	['providers/qemu', ['providers/vagrant', 'providers/container', 'vagrant'], 'providers do not know of each other'],
	['providers/vagrant', ['providers/qemu', 'providers/container'], 'providers do not know of each other'],
	['providers/container', ['providers/qemu', 'providers/vagrant', 'vagrant'], 'providers do not know of each other'],
];

test('what must never meet does not, not even by way of other rooms', t => {
	const reached = (room: string, seen = new Set<string>()): Set<string> => {
		for (const next of (MAY_IMPORT[room] ?? []).filter(each => !seen.has(each))) {
			seen.add(next);
			reached(next, seen);
		}

		return seen;
	};
	for (const [room, others, why] of NEVER) {
		t.deepEqual(
			others.filter(other => reached(room).has(other)),
			[],
			`${room}: ${why}`,
		);
	}
});

test('the table has no arrow that is not used', t => {
	const used = new Set(
		sourceFiles()
			.filter(file => !isTest(file))
			.flatMap(file => importsOf(file))
			.flatMap(({from, to}) => (to === undefined ? [] : `${roomOf(from)} -> ${roomOf(to)}`)),
	);
	const arrows = Object.entries(MAY_IMPORT).flatMap(([room, others]) => others.map(other => `${room} -> ${other}`));
	t.deepEqual(
		arrows.filter(arrow => !used.has(arrow)),
		[],
	);
});

test('every room of the table is there', t => {
	const rooms = new Set(sourceFiles().map(roomOf));
	t.deepEqual(
		Object.keys(MAY_IMPORT).filter(room => !rooms.has(room)),
		[],
	);
});

test('docs/architecture.md names every room and every file beside the rooms', t => {
	const text = readFileSync(path.join(packageRoot, 'docs/architecture.md'), 'utf8');
	const rooms = new Set(
		sourceFiles()
			.filter(file => file.startsWith('harness/') && !isTest(file))
			.map(file => {
				const [, top = '', ...below] = file.split('/');
				return below.length > 0 ? `${top}/` : top;
			}),
	);
	t.true(rooms.size > 30);
	t.deepEqual(
		[...rooms].filter(room => !text.includes(`\`${room}`)),
		[],
	);
});

const forbidden: [text: string, complaint: RegExp | undefined][] = [
	["import {runMatrix} from '../run/run.ts';", /^room swarm must not import run \(harness\/swarm\/form\.ts:1/],
	[
		"\nconst a = await import('../providers/qemu/qmp.ts');",
		/must not import providers\/qemu \(harness\/swarm\/form\.ts:2/,
	],
	["import type {Lease} from '../processes/leases.ts';", /must not import processes/],
	["export {scenario} from 'swarmlab';", /must not import scenario/],
	["import type {Cell} from '../model.ts';\nimport {connect} from '../machine/connect.ts';", undefined],
	["// import {x} from '../run/run.ts';\nconst text = \"import '../run/run.ts'\";", undefined],
];

for (const [text, expected] of forbidden) {
	test(`in swarm/, ${JSON.stringify(text)} is ${expected ? 'refused' : 'allowed'}`, t => {
		const [first] = importsOf('harness/swarm/form.ts', text).flatMap(each => complaint(each) ?? []);
		if (expected) {
			t.regex(first ?? '', expected);
		} else {
			t.is(first, undefined);
		}
	});
}

test('the nouns import nothing of ours', t => {
	const own = sourceFiles()
		.filter(file => everybody.includes(roomOf(file)) && file.startsWith('harness/') && !isTest(file))
		.flatMap(file => importsOf(file))
		.filter(({from, to}) => to !== undefined && roomOf(from) !== roomOf(to));
	t.deepEqual(
		own.map(({from, to}) => `${from} ${to}`),
		// An error shows its remedy as it can be typed, a command as a path that leads there, all go by the environment, and folders of the
		// user's by the workspace.
		[
			'harness/applies.ts harness/model/index.ts',
			'harness/called.ts harness/environment.ts',
			'harness/called.ts harness/shown.ts',
			'harness/errors.ts harness/called.ts',
			'harness/paths.ts harness/environment.ts',
			'harness/paths.ts harness/workspace.ts',
			'harness/workspace.ts harness/environment.ts',
			'harness/workspace.ts harness/package.ts',
			'harness/workspace.ts harness/shown.ts',
		],
	);
});

test('no code but its own names a provider', t => {
	const named = sourceFiles()
		.filter(file => /^(harness|reports)\//.test(file) && !file.startsWith('harness/providers/') && !isTest(file))
		.filter(file => {
			const code = readFileSync(path.join(packageRoot, file), 'utf8').replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '');
			return /['"`](qemu|vagrant)['"`]/.test(code);
		});
	t.deepEqual(named, []);
});

test('apt is asked by way of opened packages only', t => {
	const asking = sourceFiles()
		.filter(file => !file.startsWith('harness/artifacts/packages/') && !isTest(file))
		.flatMap(file => importsOf(file))
		.filter(({to}) => /\/artifacts\/packages\/(apt|settings)\.ts$/.test(to ?? ''));
	t.deepEqual(
		asking.map(({from, to}) => `${from} ${to}`),
		[],
	);
});

/** What is longer is two things, or wants to be data. Scripts that are copied into machines alone stand by themselves. */
const longestLines = 250;

test(`no source file is longer than ${longestLines} lines, and no room is more than a tenth of all`, t => {
	const sizes = sourceFiles()
		.filter(file => !isTest(file))
		.map(file => ({file, lines: readFileSync(path.join(packageRoot, file), 'utf8').split('\n').length - 1}));
	t.deepEqual(
		sizes.filter(({lines}) => lines > longestLines),
		[],
	);
	const sum = (those: typeof sizes) => those.reduce((all, {lines}) => all + lines, 0);
	const rooms = Map.groupBy(sizes, ({file}) => roomOf(file));
	const large = [...rooms].filter(([, those]) => sum(those) > sum(sizes) / 10).map(([room]) => room);
	t.deepEqual(large, []);
});

test('every relative import names a file that is there, with its extension', t => {
	const broken = sourceFiles()
		.flatMap(file => importsOf(file))
		.filter(({to}) => to !== undefined && !existsSync(path.join(packageRoot, to)));
	t.deepEqual(broken, []);
});

/** A host is somebody else's machine: mirrors and registries come from this host's configuration. */
const host =
	/\b(?:https?:\/\/|docker:\/\/)([\w.-]+\.[a-z]{2,})\b|\b((?:[\w-]+\.)*(?:docker\.io|gcr\.io|ghcr\.io|quay\.io|debian\.org|ubuntu\.com))\//g;

/** Names that stand for nobody (RFC 2606), and the web addresses of standards. */
const harmless = /(^|\.)(example|invalid|test|localhost)(\.(com|org|net))?$|^www\.w3\.org$/;

/** Where public reports are read. Only links to them name these hosts: nothing is fetched from there. */
const placesOfReports = /^(github\.com|nvd\.nist\.gov)$/;
const linking = ['harness/expect/issue.ts', 'docs/issues.md'];

/** Everything that is written by hand; the lock file names the registry of npm, as npm wants it, and the licence is Apache's text. */
const written = globSync('{*,.ci/*,.github/**/*,{harness,scenarios,reports,bench,test,vagrant,packaging,docs}/**/*}', {
	cwd: packageRoot,
	withFileTypes: true,
	exclude: entry => ['node_modules', 'runs'].includes(entry.name),
})
	.filter(entry => entry.isFile() && !['package-lock.json', 'architecture.test.ts', 'LICENSE'].includes(entry.name))
	// AVA writes its snapshots itself.
	.filter(entry => !entry.name.endsWith('.test.ts.md'))
	.map(entry => path.relative(packageRoot, path.join(entry.parentPath, entry.name)));

test('nothing that is written names the host of a registry or a mirror', t => {
	const named = written.flatMap(file =>
		[...readFileSync(path.join(packageRoot, file), 'utf8').matchAll(host)]
			.map(match => match[1] ?? match[2]!)
			.filter(name => !harmless.test(name) && !(linking.includes(file) && placesOfReports.test(name)))
			.map(name => `${file}: ${name}`),
	);
	t.true(written.includes('package.json') && written.includes('.github/workflows/ci.yml'));
	t.deepEqual(named, []);
});
