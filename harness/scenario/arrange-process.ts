/**
 * The process that makes one arrangement: `node arrange-process.ts CELL FILE NAME`, with SWARMLAB_ARRANGE in its
 * environment, which makes `scenario()` do nothing. What stands then is in the file that the cell file names.
 */
import fs from 'node:fs';
import {pathToFileURL} from 'node:url';
import {explain, UsageError} from '../errors.ts';
import {patiently} from '../machine/index.ts';
import type {CellFile} from '../model/index.ts';
import {findArrangement} from './arrangement.ts';
import {connectAll} from './machines.ts';
import {Standing} from './standing.ts';

const [cellFile, file, name] = process.argv.slice(2) as [string, string, string];
try {
	const cell = JSON.parse(fs.readFileSync(cellFile, 'utf8')) as CellFile;
	await import(pathToFileURL(file).href);
	const arrangement = findArrangement(name);
	if (!arrangement) {
		throw new UsageError(`${file} declares no arrangement “${name}” when it is loaded by itself`);
	}

	// The harness ends this process if need be.
	await patiently(cell.machines, async () => new Standing(cell, await connectAll(cell)).use(arrangement));
	process.exit(0);
} catch (error) {
	console.error(explain(error));
	process.exit(1);
}
