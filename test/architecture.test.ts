/** Imports point one way, and this table says which. */
import {existsSync, globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {project} from '../harness/paths.ts';
import {type Import, importsOf, sourceFiles} from './imports.ts';

/** What everybody may import; these import nothing of ours. */
const everybody = [
	'model',
	'errors',
	'paths',
	'limits',
	'nearest',
	'called',
	'shown',
	'write-atomically',
	'environment',
];

/** A room, and the rooms that it may import besides itself and those that everybody may. */
const MAY_IMPORT: Record<string, string[]> = {
	swarmlab: ['cli'],
	cli: ['commands', 'host'],
	commands: [
		'config',
		'plan',
		'host',
		'images',
		'machine',
		'processes',
		'providers',
		'vagrant',
		'run',
		'record',
		'devstack',
		'reports',
	],
	config: ['processes'],
	plan: ['config', 'processes'],
	host: [],
	images: [],
	network: ['processes'],
	processes: [],
	machine: [],
	vagrant: [],
	providers: ['machine', 'network', 'processes', 'vagrant', 'images'],
	swarm: ['machine'],
	devstack: ['machine'],
	evidence: ['machine', 'network'],
	scenario: ['machine', 'swarm', 'devstack', 'evidence', 'record'],
	run: [
		...['images', 'vagrant', 'machine', 'providers', 'network', 'processes', 'swarm', 'devstack', 'evidence', 'record'],
		'reports',
	],
	record: [],
	reports: ['record'],
	scenarios: ['scenario'],
	// What tests ask of real machines is measured, too.
	bench: ['images', 'machine', 'devstack', 'network', 'providers', 'processes', 'run', 'record', 'swarm', 'test'],
	model: [],
	errors: [],
	paths: [],
	limits: [],
	nearest: [],
	called: [],
	shown: [],
	'write-atomically': [],
	environment: [],
};

/** Tests may import whatever they test with. */
const isTest = (file: string) => file.endsWith('.test.ts') || file.startsWith('test/') || file.includes('/fixtures/');

/** `harness/plan/cells.ts` -> `plan`, `harness/cli.ts` -> `cli`, `scenarios/vip.ts` -> `scenarios`. */
function roomOf(file: string): string {
	const [top, second] = file.split('/');
	return top === 'harness' ? path.basename(second!, path.extname(second!)) : top!;
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

test('every room of the table is there', t => {
	const rooms = new Set(sourceFiles().map(roomOf));
	t.deepEqual(
		Object.keys(MAY_IMPORT).filter(room => !rooms.has(room)),
		[],
	);
});

const forbidden: [text: string, complaint: RegExp | undefined][] = [
	["import {runMatrix} from '../run/run.ts';", /^room swarm must not import run \(harness\/swarm\/form\.ts:1/],
	["\nconst a = await import('../providers/qemu/qmp.ts');", /must not import providers \(harness\/swarm\/form\.ts:2/],
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
	const own = everybody.flatMap(name => importsOf(`harness/${name}.ts`)).filter(({to}) => to !== undefined);
	// An error shows its remedy as it can be typed, a command as a path that leads there, and both go by the environment.
	t.deepEqual(
		own.map(({from, to}) => `${from} ${to}`),
		[
			'harness/errors.ts harness/called.ts',
			'harness/paths.ts harness/environment.ts',
			'harness/called.ts harness/environment.ts',
			'harness/called.ts harness/shown.ts',
		],
	);
});

test('every relative import names a file that is there, with its extension', t => {
	const broken = sourceFiles()
		.flatMap(file => importsOf(file))
		.filter(({to}) => to !== undefined && !existsSync(path.join(project, to)));
	t.deepEqual(broken, []);
});

/** A host is somebody else's machine: mirrors and registries come from this host's configuration. */
const host =
	/\b(?:https?:\/\/|docker:\/\/)([\w.-]+\.[a-z]{2,})\b|\b((?:[\w-]+\.)*(?:docker\.io|gcr\.io|ghcr\.io|quay\.io|debian\.org|ubuntu\.com))\//g;

/** Names that stand for nobody (RFC 2606), and the web addresses of standards. */
const harmless = /(^|\.)(example|invalid|test|localhost)(\.(com|org|net))?$|^www\.w3\.org$/;

/** Everything that is written by hand; the lock file names the registry of npm, as npm wants it. */
const written = globSync('{*,.ci/*,{harness,scenarios,reports,bench,test,vagrant,docs}/**/*}', {
	cwd: project,
	withFileTypes: true,
	exclude: entry => ['node_modules', 'runs'].includes(entry.name),
})
	.filter(entry => entry.isFile() && entry.name !== 'package-lock.json' && entry.name !== 'architecture.test.ts')
	// AVA writes its snapshots itself.
	.filter(entry => !entry.name.endsWith('.test.ts.md'))
	.map(entry => path.relative(project, path.join(entry.parentPath, entry.name)));

test('nothing that is written names the host of a registry or a mirror', t => {
	const named = written.flatMap(file =>
		[...readFileSync(path.join(project, file), 'utf8').matchAll(host)]
			.map(match => match[1] ?? match[2]!)
			.filter(name => !harmless.test(name))
			.map(name => `${file}: ${name}`),
	);
	t.true(written.includes('package.json'));
	t.deepEqual(named, []);
});
