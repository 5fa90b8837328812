/** How AVA runs scenario files: one after the other, each in a process of its own; which, says the environment. */
import path from 'node:path';
import {variable} from '../../environment.ts';
import {endWithParent} from '../../processes/watchdog.ts';

// Killed by its pid, a run cannot end what it has started: AVA goes with it, and each file's process goes with AVA.
endWithParent();

const files = JSON.parse(variable('SWARMLAB_FILES') ?? '[]');

/** AVA takes globs; a path is not one, whatever characters are in it. */
const literal = file => file.replaceAll(/[*?[\]{}()!@+|]/g, character => (character === '!' ? '@(!)' : `[${character}]`));

/** AVA names them from the root, the list from the project, in which this process stands. */
const place = named => files.findIndex(file => path.resolve(file) === named);

export default {
	files: files.map(literal),
	extensions: ['ts', 'mts', 'js', 'mjs'],
	// Scenario files outside of this project import 'swarmlab', too.
	nodeArguments: [`--import=${new URL('../../config/own-name-process.ts', import.meta.url)}`],
	// In the order given: AVA would otherwise prefer those that failed last time.
	sortTestFiles: (a, b) => place(a) - place(b),
	serial: true,
	concurrency: 1,
	workerThreads: false,
	cache: false,
	failFast: false,
	// Idle time, a backstop: each scenario has its own limit, and ava.ts watches over all.
	timeout: '30m',
	verbose: true,
};
