/**
 * How the person who called swarmlab can call it again: `swarmlab` alone is on no PATH after `npm ci`.
 * Every remedy and every example is written as `swarmlab COMMAND` and shown by asTyped(). Imports only how files are shown
 * and variables are read.
 */
import path from 'node:path';
import {variable} from './environment.ts';
import {displayPath} from './shown.ts';

/** Set by the door for the processes that it starts: the file that was called. */
const calledVariable = 'SWARMLAB_CALLED';

/** Every command. A test compares them with the program's own. */
export const commandNames = [
	...['run', 'plan', 'report', 'kernels', 'engines', 'images', 'box', 'doctor', 'up', 'ssh', 'exec', 'down', 'gc'],
	'help',
];

/** What is known of a call. */
export interface Call {
	/** The file that was called, absolute. */
	file?: string | undefined;
	cwd: string;
	/** PATH, npm_command, npm_lifecycle_event and npm_lifecycle_script are looked at. */
	env: Record<string, string | undefined>;
}

const door = path.join(import.meta.dirname, 'swarmlab.js');

/** The words that stand for `swarmlab` in this call. Pure. */
export function programOf({file, cwd, env}: Call): string {
	// What npm started may be something else that starts us: only a script that names us counts.
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

	return `node ${quoted(door, cwd)}`;
}

/** Relative where that is a way down, and quoted where a shell would take it apart. */
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

/** A text with every `swarmlab COMMAND` in it as it can be typed here. */
export function asTyped(text: string, as = program): string {
	return text.replaceAll(mention, () => `${as} `);
}

/** The help of the command that was typed, as `swarmlab COMMAND --help`. */
export function helpOf(words: readonly string[] = process.argv.slice(2)): string {
	const command = words.find(word => !word.startsWith('-'));
	return command && command !== 'help' && commandNames.includes(command)
		? `swarmlab ${command} --help`
		: 'swarmlab --help';
}
