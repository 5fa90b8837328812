#!/usr/bin/env node
/**
 * The program that users start, with the Node that is first on PATH. swarmlab runs on the Node 24 that `npm ci` installs.
 * An older Node cannot read TypeScript, so this file is plain JavaScript, and starts cli.ts with Node 24.
 */
import {spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const wanted = 24;
const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
const own = installed('node/bin/node');

if (!installed('commander')) {
	process.stderr.write('swarmlab: its packages are not installed.\n  → npm ci\n');
	process.exitCode = 69;
} else if (Number(process.versions.node.split('.')[0]) >= wanted) {
	process.env.SWARMLAB_CALLED = process.argv[1];
	await import('./cli.ts');
} else if (own) {
	// SIGKILL cannot be passed on: the child sees the end of this process when the IPC channel closes.
	const child = spawn(own, [cli, ...process.argv.slice(2)], {
		stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
		env: {...process.env, SWARMLAB_CALLED: process.argv[1]},
	});
	child.on('error', error => {
		process.stderr.write(`swarmlab: the Node that it brings does not start: ${error.message}\n  → npm ci\n`);
		process.exitCode = 69;
	});
	// A terminal sends Ctrl-C to the child, too. A signal to this process alone is passed on.
	process.on('SIGINT', () => {});
	for (const signal of ['SIGTERM', 'SIGHUP']) {
		process.on(signal, () => child.kill(signal));
	}

	child.on('exit', (code, signal) => {
		// `git bisect run` takes 2 for a bad commit, and 125 for one that cannot be decided.
		process.exitCode = code ?? (process.argv.includes('--git') ? 125 : 2);
		if (signal) {
			process.stderr.write(`swarmlab: ended by ${signal}\n`);
		}
	});
} else {
	process.stderr.write(`swarmlab: it needs Node ${wanted}, this is ${process.version}.\n  → npm ci, which brings that Node along\n`);
	process.exitCode = 69;
}

/**
 * Returns the path of a file in a dependency, wherever npm has installed it; undefined if it is not installed.
 * @param {string} name
 */
function installed(name) {
	try {
		return createRequire(import.meta.url).resolve(name);
	} catch {
		return undefined;
	}
}
