/** What npm packs: the package.json of the package, and the clone's, which comes back. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';
import {type CloneManifest, type Lock, packageManifest} from '../packaging/manifest.ts';
import {putBack, setAside} from '../packaging/swap.ts';
import {sourceFiles} from './imports.ts';

const read = (name: string) => JSON.parse(fs.readFileSync(path.join(packageRoot, name), 'utf8')) as unknown;
const clone = read('package.json') as CloneManifest;
const lock = read('package-lock.json') as Lock;
const made = packageManifest(clone, lock) as CloneManifest & {engines: {node: string}};

test('the package names exact versions, needs Node 24, and brings none', t => {
	t.deepEqual(
		Object.values(made.dependencies).filter(version => !/^\d+\.\d+\.\d+$/.test(version)),
		[],
	);
	t.false('node' in made.dependencies);
	t.is(made.engines.node, '>=24.12');
	t.deepEqual(
		['private', 'scripts', 'devDependencies', 'allowScripts'].filter(field => field in made),
		[],
	);
});

test('whatever the clone depends on, the package does, except for Node', t => {
	t.deepEqual(
		Object.keys(clone.dependencies).filter(name => !(name in made.dependencies)),
		['node'],
	);
});

test('its program and its doors are files that are built', t => {
	t.deepEqual(made.bin, {swarmlab: './dist/harness/swarmlab.js'});
	t.deepEqual(made.exports['./config' as string] as unknown, {
		types: './dist/harness/config/index.d.ts',
		default: './dist/harness/config/index.js',
	});
	t.deepEqual(Object.keys(made.exports), [...Object.keys(clone.exports), './schemas/*.json', './package.json']);
});

test('a dependency that the lock file does not have is an error', t => {
	t.throws(() => packageManifest({...clone, dependencies: {...clone.dependencies, odd: '1.0.0'}}, lock), {
		message: 'package-lock.json has no odd: npm install',
	});
});

test("the clone's package.json is put aside, and comes back once", t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-swap-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	const file = path.join(folder, 'package.json');
	fs.writeFileSync(file, 'own');
	setAside(folder, 'made');
	t.is(fs.readFileSync(file, 'utf8'), 'made');
	putBack(folder);
	putBack(folder);
	t.is(fs.readFileSync(file, 'utf8'), 'own');
	t.deepEqual(fs.readdirSync(folder), ['package.json']);
});

test('no source names a module of ours by a path with .ts: in the package it is .js', t => {
	const naming = sourceFiles()
		.filter(file => /^(harness|reports|vagrant)\//.test(file) && !/\.test\.ts$|\/fixtures\//.test(file))
		// This one looks which of the two is there.
		.filter(file => file !== 'harness/swarmlab.js')
		.filter(file =>
			/import\.meta\.dirname[^;]*\.ts['"`]|\.ts['"`], import\.meta\.url/.test(
				fs.readFileSync(path.join(packageRoot, file), 'utf8'),
			),
		);
	t.deepEqual(naming, []);
});
