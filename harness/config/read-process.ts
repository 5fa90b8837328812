/**
 * The process that loads one config file: `node read-process.ts FILE`. It writes its answer as a line to file descriptor 3.
 */
import {writeSync} from 'node:fs';
import {flushCompileCache} from 'node:module';
import {pathToFileURL} from 'node:url';
import {isDeepStrictEqual} from 'node:util';
import {limits} from '../limits.ts';
import {endWithParent} from '../processes/watchdog.ts';
import type {ConfigAnswer} from './content.ts';
import type {Cause} from './not-loading.ts';
import {positionIn} from './position.ts';
import {registerSelfImport} from './self-import.ts';

// Longer than the limit of the parent, which can report what was late.
endWithParent(2 * limits.loadFile);
registerSelfImport();
const file = process.argv[2]!;
send({state: 'loading'});
try {
	const loaded = (await import(pathToFileURL(file).href)) as {default?: unknown};
	if (loaded.default instanceof Promise) {
		// A promise is refused as a config, so its result does not matter.
		loaded.default.catch(() => {});
	}

	const exported = plainExport(loaded);
	send(exported ? {state: 'plain', exported} : (await import('./content.ts')).contentOf(loaded));
} catch (error) {
	send({state: 'threw', where: positionIn(error, file), what: sentence(error), cause: causeOf(error)});
}

/**
 * Returns what is exported, if its text as JSON says all of it. Then the parent checks it, which has loaded the rules: to load
 * them takes most of the time of this process. Undefined for an export that has to be checked as it is.
 */
function plainExport({default: exported}: {default?: unknown}): object | undefined {
	const isObject = typeof exported === 'object' && exported !== null && Object.keys(exported).length > 0;
	try {
		return isObject && isDeepStrictEqual(JSON.parse(JSON.stringify(exported)), exported) ? exported : undefined;
	} catch {
		// It leads back to itself, or has a bigint.
		return undefined;
	}
}

function send(answer: ConfigAnswer | {state: 'loading'}): void {
	// The parent ends this process as soon as it has the answer. Node would write its compile cache at the end only.
	flushCompileCache();
	writeSync(3, `${JSON.stringify(answer)}\n`);
}

function causeOf(error: unknown): Cause {
	if (!(error instanceof Error)) {
		return {message: String(error)};
	}

	const {name, message} = error;
	return {name, message, code: (error as NodeJS.ErrnoException).code};
}

function sentence(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
}
