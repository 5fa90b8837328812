/**
 * The process that loads one config file: `node read-process.ts FILE`. It writes its answer as a line to file descriptor 3.
 */
import {writeSync} from 'node:fs';
import {flushCompileCache} from 'node:module';
import {pathToFileURL} from 'node:url';
import {limits} from '../limits.ts';
import {endWithParent} from '../processes/watchdog.ts';
import {type ConfigAnswer, contentOf} from './content.ts';
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

	const content = contentOf(loaded);
	// The parent ends this process after the answer, so what Node has compiled is written before.
	flushCompileCache();
	send(content);
} catch (error) {
	send({state: 'threw', where: positionIn(error, file), what: sentence(error), cause: causeOf(error)});
}

function send(answer: ConfigAnswer | {state: 'loading'}): void {
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
