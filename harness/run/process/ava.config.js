/** How AVA runs scenario files: one after the other, each in a process of its own; which, says the environment. */
import path from 'node:path';
import {variable} from '../../environment.ts';
import {endWithParent} from '../../processes/watchdog.ts';

// Killed by its pid, a run cannot end what it has started: AVA goes with it, and each file's process goes with AVA.
endWithParent();

const files = JSON.parse(variable('SWARMLAB_FILES') ?? '[]');

/** AVA takes globs; a path is not one, whatever characters are in it. */
const literal = file => file.replaceAll(/[*?[\]{}()!@+|]/g, character => (character === '!' ? '@(!)' : `[${character}]`));

/** AVA's own project is the nearest package around the workspace, from which it takes its globs. */
export default ({projectDir}) => ({
	files: files.map(file => literal(path.relative(projectDir, file))),
	extensions: ['ts', 'mts', 'js', 'mjs'],
	// Scenario files outside of this package import 'swarmlab', too.
	nodeArguments: [`--import=${new URL('../../config/self-import-process.ts', import.meta.url)}`],
	// In the order given: AVA would otherwise prefer those that failed last time.
	sortTestFiles: (a, b) => files.indexOf(a) - files.indexOf(b),
	serial: true,
	concurrency: 1,
	workerThreads: false,
	cache: false,
	failFast: false,
	// Idle time, a backstop: each scenario has its own limit, and ava.ts watches over all.
	timeout: '30m',
	verbose: true,
});
