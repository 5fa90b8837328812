/**
 * How the user started swarmlab, so that messages can show commands that work when typed: after `npm ci`, `swarmlab` is not
 * on PATH. Every remedy and every example is written as `swarmlab COMMAND` and shown by asTyped(). Imports only
 * environment.ts and shown.ts.
 */
import path from 'node:path';
import {variable} from './environment.ts';
import {displayPath} from './shown.ts';

/** The file that was called. swarmlab.js sets it for itself and for the process that it starts. */
const calledVariable = 'SWARMLAB_CALLED';

/** Every command. A test compares them with those of the program. */
export const commandNames = [
	...[
		'init',
		'run',
		'reproduce',
		'plan',
		'report',
		'show',
		'merge',
		'history',
		'compare',
		'bisect',
		'diagnose',
		'kernels',
		'engines',
		'images',
		'box',
		'doctor',
		'up',
		'ssh',
		'exec',
		'cp',
		'ssh-config',
	],
	'status',
	...['fault', 'capture', 'snapshot', 'down', 'gc', 'completion', 'help'],
];

/** How swarmlab was called: the input of programOf(). */
export interface Call {
	/** The file that was called, absolute. */
	file?: string | undefined;
	cwd: string;
	/** programOf() reads PATH, npm_command, npm_lifecycle_event and npm_lifecycle_script. */
	env: Record<string, string | undefined>;
}

/** The file that starts swarmlab, on any Node. */
export const entry = path.join(import.meta.dirname, 'swarmlab.js');

/** Returns the words to type in place of `swarmlab`. Pure. */
export function programOf({file, cwd, env}: Call): string {
	// pnpm's shim is a shell script: the file that was called is the one in pnpm's own folder.
	if (file?.includes('/node_modules/.pnpm/')) {
		return 'pnpm exec swarmlab';
	}

	// npm may have started another program that starts us, so only a script that contains `swarmlab` counts.
	if (/\bswarmlab\b/.test(env.npm_lifecycle_script ?? '')) {
		return env.npm_lifecycle_event === 'swarmlab' && env.npm_command !== 'exec'
			? 'npm run swarmlab --'
			: 'npx --no swarmlab';
	}

	if (file && path.basename(file) === 'swarmlab') {
		const folder = path.dirname(file);
		if ((env.PATH ?? '').split(':').includes(folder) && !folder.includes('node_modules')) {
			return 'swarmlab';
		}

		return folder === path.join(cwd, 'node_modules/.bin') ? 'npx --no swarmlab' : quoted(file, cwd);
	}

	return `node ${quoted(entry, cwd)}`;
}

/** Returns the path relative to `cwd` if the file is below it, in quotes if a shell would split or expand it. */
function quoted(file: string, cwd: string): string {
	const name = displayPath(cwd, file);
	const shown = name.includes('/') ? name : `./${name}`;
	return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
}

/** How this process was called. */
const program = programOf({
	file: variable(calledVariable) ?? process.argv[1],
	cwd: process.cwd(),
	env: process.env,
});

const mention = new RegExp(
	String.raw`(?<![\w/.-]|npx |--no |run )swarmlab (?=(?:${commandNames.join('|')}|--help)\b|\[options)`,
	'g',
);

/** Replaces each `swarmlab COMMAND` in a text by words that can be typed here. */
export function asTyped(text: string, as = program): string {
	return text.replaceAll(mention, () => `${as} `);
}

/** Returns `swarmlab COMMAND --help` for the command that was typed, else `swarmlab --help`. */
export function helpOf(words: readonly string[] = process.argv.slice(2)): string {
	const command = words.find(word => !word.startsWith('-'));
	return command && command !== 'help' && commandNames.includes(command)
		? `swarmlab ${command} --help`
		: 'swarmlab --help';
}
