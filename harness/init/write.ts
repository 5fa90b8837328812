/** Writes the files of `swarmlab init`. A file that is there is never written again. */
import fs from 'node:fs';
import path from 'node:path';
import {HostError} from '../errors.ts';
import {configIn} from '../workspace.ts';
import {createAtomically} from '../write-atomically.ts';
import type {Folder, NewFile} from './files.ts';

export interface Written {
	written: NewFile[];
	/** Names of files that were there already. */
	left: string[];
}

/** Reads what decides which files are written. */
export function lookAt(folder: string): Folder {
	return {isModule: typeOf(folder) === 'module', has: name => fs.existsSync(path.join(folder, name))};
}

/** Returns the type of the nearest package, as Node looks for it. */
function typeOf(folder: string): unknown {
	const file = path.join(folder, 'package.json');
	const above = path.dirname(folder);
	if (!fs.existsSync(file)) {
		return above === folder ? undefined : typeOf(above);
	}

	try {
		return (JSON.parse(fs.readFileSync(file, 'utf8')) as {type?: unknown}).type;
	} catch {
		// It is half written, perhaps; Node would report it.
		return undefined;
	}
}

/**
 * Writes the files that are not there yet, and their folders.
 * @throws HostError if the folder, or one in it, cannot be written
 */
export function writeFiles(folder: string, files: readonly NewFile[]): Written {
	const done: Written = {written: [], left: []};
	for (const file of files) {
		const target = path.join(folder, file.name);
		// A config of another extension is the config, too.
		const config = /^swarmlab\.config\./.test(file.name) ? configIn(folder) : undefined;
		if (config) {
			done.left.push(path.basename(config));
		} else if (fs.existsSync(target)) {
			done.left.push(file.name);
		} else {
			write(target, file.text);
			done.written.push(file);
		}
	}

	return done;
}

function write(file: string, text: string): void {
	const folder = path.dirname(file);
	try {
		fs.mkdirSync(folder, {recursive: true});
		createAtomically(file, text);
	} catch (error) {
		// The rest of the message is about a temporary name.
		const [why] = (error as Error).message.split(',');
		throw new HostError(`${folder} cannot be written: ${why}.`, {
			remedy: 'Choose a folder of your own: swarmlab init FOLDER',
		});
	}
}
