import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {sourceFiles} from '../test/imports.ts';
import {packageRoot} from './package.ts';
import {displayPath} from './shown.ts';

const files: [folder: string, file: string, shown: string][] = [
	['/a/b', '/a/b/c/d.ts', 'c/d.ts'],
	['/a/b', '/a/b/..c', '..c'],
	['/a/b', '/a/b', ''],
	['/a/b', '/a', '/a'],
	['/a/b', '/a/c.ts', '/a/c.ts'],
	['/a/b', '/a/bc/d.ts', '/a/bc/d.ts'],
	['/', '/tmp/c.ts', 'tmp/c.ts'],
];

for (const [folder, file, shown] of files) {
	test(`from ${folder}, ${file} is shown as '${shown}'`, t => {
		t.is(displayPath(folder, file), shown);
	});
}

/** What is no text for people: keys, checksums, what is copied, files in a run's own folder, what AVA is given. */
const inside: [file: string, count: number][] = [
	['cloud-artifact.ts', 1],
	['in-use.ts', 1],
	['kernel-files.ts', 2],
	['kernel-folder.ts', 1],
	['manifest.ts', 1],
	['scenario-files.ts', 1],
	['fixture.ts', 1],
	['ava.config.js', 1],
	['stacked.ts', 1],
	['stack.ts', 1],
	['exercises.ts', 1],
	['gather.ts', 1],
	['tempest.ts', 1],
	['shown.ts', 2],
];

test('paths for people are made in one place: path.relative stands only where no person reads it', t => {
	const found = sourceFiles()
		.filter(file => !/^(test|bench|packaging)\/|\.test\.ts$|fixtures\//.test(file))
		.map(
			file =>
				[
					path.basename(file),
					readFileSync(path.join(packageRoot, file), 'utf8').split('path.relative(').length - 1,
				] as const,
		)
		.filter(([, count]) => count > 0);
	t.deepEqual(found.map(([file, count]) => `${file} ${count}`).sort(), inside.map(each => each.join(' ')).sort());
});
