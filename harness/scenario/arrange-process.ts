/**
 * The process that makes one arrangement: `node arrange-process.ts CELL FILE NAME STANDING`, with SWARMLAB_ARRANGE
 * in its environment, which makes `scenario()` do nothing. What stands then is described in the file STANDING.
 */
import fs from 'node:fs';
import {pathToFileURL} from 'node:url';
import {explain, UsageError} from '../errors.ts';
import {patiently} from '../machine/index.ts';
import type {CellHandle} from '../model/index.ts';
import {findArrangement} from './arrangement.ts';
import {connectAll} from './machines.ts';
import {Standing} from './standing.ts';

const [cellFile, file, name, standing] = process.argv.slice(2) as [string, string, string, string];
try {
	const cell = JSON.parse(fs.readFileSync(cellFile, 'utf8')) as CellHandle;
	await import(pathToFileURL(file).href);
	const arrangement = findArrangement(name);
	if (!arrangement) {
		throw new UsageError(`${file} declares no arrangement “${name}” when it is loaded by itself`);
	}

	// The harness ends this process if need be.
	await patiently(cell.machines, async () => new Standing(cell, await connectAll(cell), standing).use(arrangement));
	process.exit(0);
} catch (error) {
	console.error(explain(error));
	process.exit(1);
}
