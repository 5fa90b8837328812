/**
 * `node test/shellcheck.ts`: shellcheck over every shell script of the project, as a part of `npm run check`. Where shellcheck is
 * not installed it says so and succeeds: `.ci/run` installs it.
 */
import {spawnSync} from 'node:child_process';
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {packageRoot} from '../harness/package.ts';

/** A file for a shell says so in its first lines: `#!/bin/sh`, or `# shellcheck shell=bash` where another script includes it. */
const isScript = (text: string) => /^#!.*\b(?:ba|da|a)?sh\n|^# shellcheck shell=\w+$/m.test(text.slice(0, 400));

/** Every shell script below a folder, from there. */
export function shellScripts(folder = packageRoot): string[] {
	return globSync('{*,.ci/**/*,{harness,vagrant,reports,scenarios,bench,test}/**/*}', {
		cwd: folder,
		withFileTypes: true,
		exclude: entry => ['node_modules', 'runs'].includes(entry.name),
	})
		.filter(entry => entry.isFile() && !/\.(ts|md|json|snap|txt|log|html|xml)$/.test(entry.name))
		.map(entry => path.join(entry.parentPath, entry.name))
		.filter(file => isScript(readFileSync(file, 'utf8')))
		.map(file => path.relative(folder, file))
		.sort();
}

/** What shellcheck has against these scripts; undefined where it is not installed, an empty text where it has nothing. */
export function shellcheck(scripts: readonly string[], folder = packageRoot): string | undefined {
	const {stdout, stderr, status, error} = spawnSync('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...scripts], {
		cwd: folder,
		encoding: 'utf8',
	});
	if (error) {
		return undefined;
	}

	return status === 0 ? '' : stdout + stderr;
}

if (import.meta.main) {
	const scripts = shellScripts();
	const complaints = shellcheck(scripts);
	if (complaints) {
		process.stdout.write(complaints);
		process.exitCode = 1;
	} else {
		console.log(
			complaints === undefined
				? `shellcheck is not installed: ${scripts.length} scripts are not checked`
				: `shellcheck: ${scripts.length} scripts, nothing to complain about`,
		);
	}
}
