#!/usr/bin/env node
/**
 * The program that users start, with the Node that is first on PATH. A clone runs on the Node 24 that `npm ci` installs.
 * An older Node cannot read TypeScript, so this file is plain JavaScript, and starts cli.ts with Node 24. An installed package
 * has cli.js, and brings no Node.
 */
import {spawn} from 'node:child_process';
import {accessSync, constants, existsSync} from 'node:fs';
import module from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';

/** AVA needs this version, too. */
const wanted = [24, 12];
const source = fileURLToPath(new URL('cli.ts', import.meta.url));
const isClone = existsSync(source);
const cli = isClone ? source : source.replace(/ts$/, 'js');
const own = installed('node/bin/node');
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

// To strip the types of a hundred files takes most of the time of `--help`, and the module that knows the user's cache folder is
// such a file itself. So a clone has its compiled sources beside its packages. Child processes find them by this variable.
const isCompiledBeside = isClone && canWrite(modules);
if (isCompiledBeside) {
	process.env.NODE_COMPILE_CACHE ||= `${modules}/.cache/compiled`;
}

if (!installed('commander')) {
	process.stderr.write(`swarmlab: its packages are not installed.\n  → ${isClone ? 'npm ci' : 'npm install'}\n`);
	process.exitCode = 69;
} else if (isNewEnough(process.versions.node)) {
	process.env.SWARMLAB_CALLED = process.argv[1];
	await useCompileCache();
	await import(pathToFileURL(cli).href);
} else if (isClone && own) {
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
	const remedy = isClone ? 'npm ci, which brings that Node along' : 'Install it, and put it first on PATH.';
	process.stderr.write(`swarmlab: it needs Node ${wanted.join('.')} or later, this is ${process.version}.\n  → ${remedy}\n`);
	process.exitCode = 69;
}

/** Turns Node's compile cache on: the program is loaded after it, and starts without it, too. */
async function useCompileCache() {
	if (isCompiledBeside) {
		module.enableCompileCache();
		return;
	}

	try {
		// A module of its own, as it reads the environment.
		const own = await import(pathToFileURL(cli.replace(/cli(?=\.[jt]s$)/, 'compile-cache')).href);
		own.useCompileCache();
	} catch {
		// What is wrong with the environment, the command itself reports.
	}
}

/** @param {string} folder */
function canWrite(folder) {
	try {
		accessSync(folder, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** @param {string} version as `24.12.0` */
function isNewEnough(version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
}

/**
 * Returns the path of a file in a dependency, wherever npm has installed it; undefined if it is not installed.
 * @param {string} name
 */
function installed(name) {
	try {
		return module.createRequire(import.meta.url).resolve(name);
	} catch {
		return undefined;
	}
}
