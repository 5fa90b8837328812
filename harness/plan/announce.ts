/**
 * The process that loads scenario files so that they tell what they claim: `node announce.ts SECONDS FILE…`,
 * with SWARMLAB_ANNOUNCE=1 in its environment, which makes `scenario()` print instead of register.
 */
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {provideOwnName} from '../config/own-name.ts';
import {lineIn} from '../config/position.ts';
import {limits} from '../limits.ts';
import {project} from '../paths.ts';
import {endWithParent} from '../processes/watchdog.ts';
import type {Announcement} from './announcement.ts';

const [seconds, ...files] = process.argv.slice(2);
provideOwnName();
for (const file of files) {
	// Later than the parent would: that one can say what was late.
	endWithParent(2 * Number(seconds) + limits.load);
	say({type: 'loading', file});
	try {
		await import(pathToFileURL(file).href);
	} catch (error) {
		say(problem(file, error));
	}
}

say({type: 'done'});
// A file may have left a timer or a socket behind that would keep the process.
process.exit(0);

function say(announcement: Announcement): void {
	process.stdout.write(`${JSON.stringify(announcement)}\n`);
}

function problem(file: string, error: unknown): Announcement {
	const known = error instanceof Error;
	const line = known ? lineIn(error.stack ?? '', file) : undefined;
	const name = path.relative(project, file);
	const what = known ? `${error.name}: ${error.message}` : String(error);
	return {
		type: 'problem',
		problem: {
			file: name,
			...(line ? {line} : {}),
			reason: {
				message: `${name}${line ? `:${line}` : ''} does not load: ${what.split('\n')[0]}`,
				type: 'ScenarioFileError',
				details: known ? (error.stack ?? what) : what,
			},
		},
	};
}
