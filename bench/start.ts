/**
 * Measures how long `swarmlab --help` and a warm `swarmlab plan` take, beside a Node that does nothing: `npm run bench:start`. On
 * a busy host only the ratios count. Goals on an idle one: 100 ms and 300 ms.
 */
import {spawnSync} from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

const swarmlab = path.join(import.meta.dirname, '..', 'harness', 'swarmlab.js');
const rows: [name: string, words: string[]][] = [
	['node, nothing', ['-e', '0']],
	['swarmlab --help', [swarmlab, '--help']],
	['swarmlab plan', [swarmlab, 'plan']],
];
const rounds = 7;

/** Returns milliseconds. Throws Error if the command fails. */
function measure(words: string[]): number {
	const start = performance.now();
	const {status, stderr} = spawnSync(process.execPath, words, {encoding: 'utf8'});
	if (status !== 0) {
		throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
	}

	return performance.now() - start;
}

// The first round fills the compile cache and the lists of packages.
for (const [, words] of rows) {
	measure(words);
}

// In turn, so that a busy moment hits all.
const taken = Array.from({length: rounds}, () => rows.map(([, words]) => measure(words)));
const best = rows.map((_, index) => Math.min(...taken.map(round => round[index]!)));
const [nothing] = best as [number];
console.log(`best of ${rounds}; load ${os.loadavg()[0]!.toFixed(1)} on ${os.availableParallelism()} CPUs`);
for (const [index, [name]] of rows.entries()) {
	console.log(
		`${name.padEnd(16)} ${best[index]!.toFixed(0).padStart(6)} ms   × ${(best[index]! / nothing).toFixed(1)}`,
	);
}
