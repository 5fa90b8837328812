import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {sourceFiles} from '../test/imports.ts';
import {variable} from './environment.ts';
import {packageRoot} from './package.ts';

test.serial('a variable that is empty or blank says nothing', t => {
	const name = 'SWARMLAB_OF_A_TEST';
	t.is(variable(name), undefined);
	for (const [value, said] of [
		['', undefined],
		[' ', undefined],
		['0', '0'],
		[' a b', ' a b'],
	] as const) {
		process.env[name] = value;
		t.is(variable(name), said);
	}

	delete process.env[name];
});

/** A variable that is read: neither set, nor removed, nor handed on with all others. */
const reading = /(?<!delete )process\.env(\.\w+\b|\[\w+\])(?! (\|\|)?= )/g;

test('every variable is read in one place, so that an empty one is none everywhere', t => {
	const found = sourceFiles()
		.filter(file => !/^(test|bench)\/|\.test\.ts$|fixtures/.test(file))
		.flatMap(file =>
			[...readFileSync(path.join(packageRoot, file), 'utf8').matchAll(reading)].map(([text]) => `${file}: ${text}`),
		);
	const known = Array.from({length: 3}, () => 'harness/environment.ts: process.env[name]');
	t.deepEqual(found, known);
});
