/**
 * The process that loads scenario files to learn what they claim: `node announce-process.ts SECONDS FILE…`.
 * SWARMLAB_ANNOUNCE=1 in its environment makes `scenario()` print instead of register.
 */
import {flushCompileCache, registerHooks} from 'node:module';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {lineIn} from '../config/position.ts';
import {registerSelfImport} from '../config/self-import.ts';
import {limits} from '../limits.ts';
import {oldNames} from '../old-names.ts';
import {packageRoot} from '../package.ts';
import {endWithParent} from '../processes/watchdog.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';
import type {Announcement} from './announcement.ts';

// Registered first, so that the hooks below see the name before it is resolved.
registerSelfImport();
/** What each module imports, as Node resolves it. loadGated() reads it before any of the modules runs. */
const imported = new Map<string, Set<string>>();
const packageName = 'swarmlab';
registerHooks({
	resolve(specifier, context, next) {
		if (specifier.startsWith('swarmlab-gate:')) {
			return {url: specifier, format: 'module', shortCircuit: true};
		}

		const resolved = next(
			specifier,
			context.parentURL?.startsWith('swarmlab-gate:') ? {...context, parentURL: undefined} : context,
		);
		const parent = plain(context.parentURL ?? '');
		imported.set(
			parent,
			(imported.get(parent) ?? new Set()).add(specifier === packageName ? packageName : plain(resolved.url)),
		);
		return resolved;
	},
	load(url, context, next) {
		return url.startsWith('swarmlab-gate:')
			? {format: 'module', source: decodeURIComponent(url.slice(url.indexOf(':') + 1)), shortCircuit: true}
			: next(url, context);
	},
});

const [seconds, ...files] = process.argv.slice(2);
for (const file of files) {
	// Longer than the limit of the parent, which can report what was late.
	endWithParent(2 * Number(seconds) + limits.loadFile);
	send({type: 'loading', file});
	try {
		await loadGated(file);
	} catch (error) {
		send(problem(file, error));
	}

	sayOldFiles();
}

// The parent ends this process as soon as it reads this. Node would write its compile cache at the end only.
flushCompileCache();
send({type: 'done'});
// A file may have left a timer or a socket open, which would keep the process running.
process.exit(0);

function send(announcement: Announcement): void {
	process.stdout.write(`${JSON.stringify(announcement)}\n`);
}

/** Reports the files that import a file of ours by its old name. */
function sayOldFiles(): void {
	for (const [old, now] of Object.entries(oldNames.files)) {
		const url = pathToFileURL(path.join(packageRoot, old)).href;
		const users = [...imported].filter(([from, all]) => from.startsWith('file:') && all.has(url));
		for (const [from] of users) {
			send({type: 'old-name', oldName: {old, now, file: displayPath(workspace, fileURLToPath(from))}});
		}
	}
}

function problem(file: string, error: unknown): Announcement {
	const known = error instanceof Error;
	const line = known ? lineIn(error.stack ?? '', file) : undefined;
	const name = displayPath(workspace, file);
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

/**
 * Imports a file, unless neither it nor anything that it imports imports swarmlab: then it is a script, and importing would
 * run it. Node links a module and all of its imports before it runs the first of them, and it runs imports in their order: so
 * the gate runs after linking and before the file.
 */
async function loadGated(file: string): Promise<void> {
	const url = pathToFileURL(file).href;
	const key = `gate ${url}`;
	const gates = globalThis as Record<string, unknown>;
	let isScript = false;
	gates[key] = () => {
		isScript = !reachesSwarmlab(url);
		if (isScript) {
			throw new Error('it is no scenario file');
		}
	};
	const gate = `data:text/javascript,${encodeURIComponent(`globalThis[${JSON.stringify(key)}]();`)}`;
	const both = `import ${JSON.stringify(gate)};\nimport ${JSON.stringify(url)};`;
	try {
		// A `data:` module may not import files, so the hooks above serve this module under a scheme of its own.
		await import(`swarmlab-gate:${encodeURIComponent(both)}`);
	} catch (error) {
		if (!isScript) {
			throw error;
		}
	}
}

function reachesSwarmlab(from: string, seen = new Set<string>()): boolean {
	seen.add(from);
	return [...(imported.get(from) ?? [])].some(
		each => each === packageName || (!seen.has(each) && reachesSwarmlab(each, seen)),
	);
}

function plain(url: string): string {
	return url.split(/[?#]/)[0]!;
}
