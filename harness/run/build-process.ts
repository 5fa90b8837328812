/** The process of `buildBeside`: builds what the cells need, one cell after the other, under a lease of its own. */
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {openHostPackages} from '../artifacts/packages/packages.ts';
import {takeLease} from '../processes/leases.ts';
import {createArtifactSource} from '../provision/artifacts.ts';
import type {BuildRequest} from './build-beside.ts';
import {releaseLease} from './cleanup.ts';
import {providerOf, realDependencies} from './dependencies.ts';
import {newRunId} from './run-id.ts';

const lease = takeLease(`build-${newRunId()}`);
let isEnding = false;
const end = async () => {
	if (!isEnding) {
		isEnding = true;
		await releaseLease(lease);
		process.exit(0);
	}
};
process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
const input = createInterface({input: process.stdin});
input.on('close', () => void end());

const [line] = (await once(input, 'line')) as [string];
const {cells, packages} = JSON.parse(line) as BuildRequest;
try {
	const artifacts = createArtifactSource(await openHostPackages(packages), () => {});
	for (const cell of cells) {
		const provider = providerOf(cell, realDependencies);
		// The run that needs it meets the same trouble, and reports it.
		await (provider.refuse(cell) ? undefined : artifacts.forCell(cell, provider).catch(() => undefined));
	}
} finally {
	await end();
}
