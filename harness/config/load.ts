/** Finds the config file, loads it, and checks it. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {limits} from '../limits.ts';
import {modulePath} from '../package.ts';
import {type LoadEnd, load, unsettled} from '../processes/loader.ts';
import {displayPath} from '../shown.ts';
import {configIn, nearestConfig, workspaceOf} from '../workspace.ts';
import {type ConfigAnswer, contentOf} from './content.ts';
import type {Flags} from './flags.ts';
import {refuseNoModule, remedyOfLoading} from './not-loading.ts';
import {type ParsedConfig, settingsOf} from './parse.ts';
import type {Settings} from './types.ts';

const leaveOut =
	"Leave --config out to use the nearest swarmlab.config.ts: here, in a folder above, or swarmlab's own.";

export interface LoadedConfig {
	/** Absolute path of the file; undefined if there is none and every field has its default. */
	file: string | undefined;
	/** Folder that the globs of scenarios are relative to. */
	folder: string;
	settings: Settings;
}

/**
 * Loads the config: the file asked for, else the nearest one here or above, else the one of the workspace, else the defaults.
 * Options of the command line override it.
 * @param limitSeconds in which the file must load.
 * @throws UsageError when the file does not exist, does not load (with file and line), exports nothing, or is not valid.
 */
export async function loadConfig(
	asked?: string,
	flags: Flags = {},
	cwd = process.cwd(),
	limitSeconds: number = limits.loadFile,
): Promise<LoadedConfig> {
	const file = findConfig(asked, cwd);
	const read = file ? await readConfigFile(file, limitSeconds) : {config: {}};
	const settings = settingsOf(read, file ? displayPath(cwd, file) : 'the config', flags);
	return {file, folder: file ? path.dirname(file) : workspaceOf(cwd), settings};
}

function findConfig(asked: string | undefined, cwd: string): string | undefined {
	if (asked === undefined) {
		return nearestConfig(cwd) ?? configIn(workspaceOf(cwd));
	}

	if (asked.trim() === '') {
		throw new UsageError("--config: '' is no file.", {remedy: leaveOut});
	}

	const file = path.resolve(cwd, asked);
	if (!existsSync(file)) {
		throw new UsageError(`There is no config file ${file}.`, {remedy: leaveOut});
	}

	refuseNoModule(file, asked);
	return file;
}

/**
 * Loads the file in a process of its own: the file may end its process, loop or crash, and the command must still end
 * properly.
 */
async function readConfigFile(file: string, limitSeconds: number): Promise<ParsedConfig> {
	let answer: ConfigAnswer | undefined;
	const {how, printed} = await load({
		script: modulePath(import.meta.dirname, 'read-process'),
		words: [file],
		cwd: process.cwd(),
		answersOn: 3,
		onLine(line) {
			const said = JSON.parse(line) as ConfigAnswer | {state: 'loading'};
			if (said.state === 'loading') {
				return limitSeconds;
			}

			answer = said;
			return 'done';
		},
	});
	if (!answer) {
		printToStderr(withoutNoise(printed));
		throw notLoaded(file, how, limitSeconds);
	}

	// Standard output is only for the answer of the command.
	printToStderr(printed);
	return contentOfAnswer(answer, file);
}

function contentOfAnswer(answer: ConfigAnswer, file: string): ParsedConfig {
	switch (answer.state) {
		case 'plain':
			return contentOfAnswer(contentOf({default: answer.exported}), file);
		case 'config':
			return {config: answer.config};
		case 'invalid':
			return {problems: answer.problems};
		case 'nothing':
			throw new UsageError(`${file} exports no config.`, {
				remedy: "End it with: export default defineConfig({kernels: ['6.1']});",
			});
		case 'threw':
			throw new UsageError(`${answer.where} does not load: ${answer.what}`, {
				remedy: remedyOfLoading(file, answer.cause),
			});
	}
}

function notLoaded(file: string, how: LoadEnd['how'], limitSeconds: number): UsageError {
	const remedy =
		'A config file only exports its fields. Take out of it, and of what it imports, whatever does more than that.';
	if (typeof how === 'string') {
		return new UsageError(`${file} did not load in ${limitSeconds} s.`, {remedy});
	}

	if (how.exitCode === unsettled) {
		return new UsageError(`${file} does not load: it awaits what can never come.`, {remedy});
	}

	return new UsageError(`${file} does not load: it ended its process (${how.signal ?? `exit code ${how.exitCode}`}).`, {
		remedy,
	});
}

/** Removes what Node prints about the end of the process: our own error reports that. */
function withoutNoise(printed: string): string {
	return printed.replace(/^(Warning: Detected unsettled top-level await|----- Native stack trace)[\s\S]*$/m, '');
}

function printToStderr(printed: string): void {
	if (printed.trim()) {
		process.stderr.write(`${printed.trimEnd()}\n`);
	}
}
