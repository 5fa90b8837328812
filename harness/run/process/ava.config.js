/** The configuration of AVA for scenario files: one after the other, each in its own process. SWARMLAB_FILES names them. */
import path from 'node:path';
import {variable} from '../../environment.ts';
import {modulePath} from '../../package.ts';
import {endWithParent} from '../../processes/watchdog.ts';

// A run that gets SIGKILL cannot end its processes: AVA ends when the run does, and the process of a file when AVA does.
endWithParent();

const files = JSON.parse(variable('SWARMLAB_FILES') ?? '[]');

/** Escapes the characters of a path that have a meaning in a glob, because AVA takes globs. */
const literal = file => file.replaceAll(/[*?[\]{}()!@+|]/g, character => (character === '!' ? '@(!)' : `[${character}]`));

/** AVA's globs are relative to the nearest package around the workspace, `projectDir`. */
export default ({projectDir}) => ({
	files: files.map(file => literal(path.relative(projectDir, file))),
	extensions: ['ts', 'mts', 'js', 'mjs'],
	// Scenario files outside of this package import 'swarmlab', too.
	nodeArguments: [`--import=${modulePath(path.join(import.meta.dirname, '../../config'), 'self-import-process')}`],
	// Keeps the given order. By default AVA starts with the files that failed last time.
	sortTestFiles: (a, b) => files.indexOf(a) - files.indexOf(b),
	serial: true,
	concurrency: 1,
	workerThreads: false,
	cache: false,
	failFast: false,
	// The time without output after which AVA gives up. Each scenario has its own shorter limit, and ava.ts watches the process.
	timeout: '30m',
	verbose: true,
});
