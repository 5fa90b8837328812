/**
 * The process that makes one fixture: `node fixture-process.ts CELL FILE NAME FIXTURE_FILE`, with SWARMLAB_FIXTURE in its
 * environment, which makes `scenario()` do nothing. It writes the description of the fixture to FIXTURE_FILE.
 */
import fs from 'node:fs';
import {pathToFileURL} from 'node:url';
import {explain, UsageError} from '../errors.ts';
import {excludingStarvation} from '../machine/index.ts';
import type {CellHandle} from '../model/index.ts';
import {CurrentFixture} from './current-fixture.ts';
import {findFixture} from './fixture.ts';
import {connectAll} from './machines.ts';

const [cellFile, file, name, fixtureFile] = process.argv.slice(2) as [string, string, string, string];
try {
	const cell = JSON.parse(fs.readFileSync(cellFile, 'utf8')) as CellHandle;
	await import(pathToFileURL(file).href);
	const fixture = findFixture(name);
	if (!fixture) {
		throw new UsageError(`${file} declares no fixture “${name}” when it is loaded by itself`);
	}

	// No limit here: the harness ends this process if necessary.
	await excludingStarvation(cell.machines, async () =>
		new CurrentFixture(cell, await connectAll(cell), fixtureFile).use(fixture),
	);
	process.exit(0);
} catch (error) {
	console.error(explain(error));
	process.exit(1);
}
