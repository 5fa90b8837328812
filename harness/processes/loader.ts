/**
 * Loads files of users in a separate process. Such a file may end its process, loop, wait for ever, crash or leave something
 * running: each of these is returned as one value.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {setImmediate as othersFirst, setTimeout as sleep} from 'node:timers/promises';
import {parentVariable} from './watchdog.ts';

/** Node's exit code when an await at the top level of a module can never complete. */
export const unsettled = 13;

export interface LoadRequest {
	/** Our own script that imports the files. */
	script: string;
	words: readonly string[];
	cwd: string;
	env?: Record<string, string>;
	/** Where the script answers: its standard output, or the file descriptor 3, into which no file prints by accident. */
	answersOn: 'stdout' | 3;
	/** Receives each line of the answer. Returns `done` for the last one, or seconds to begin a new limit. */
	onLine: (line: string) => 'done' | number | undefined;
	/** Seconds until the first line that begins a limit; this covers the start of the process on a busy host. */
	startLimitSeconds?: number;
}

export interface LoadEnd {
	/** `done`: its last line came. `late`: a limit passed. Otherwise how the process ended. */
	how: 'done' | 'late' | {exitCode: number | null; signal: NodeJS.Signals | null};
	/** What was printed on stderr, and on stdout if the answer comes on descriptor 3. */
	printed: string;
}

/** Milliseconds. How long output is still read after the process ended, if another process holds it open. */
const graceMs = 1000;

/** Starts the script and reads its lines until it has answered, has ended or is late. Then ends all that is left of it. */
export async function load({
	script,
	words,
	cwd,
	env,
	answersOn,
	onLine,
	startLimitSeconds = 30,
}: LoadRequest): Promise<LoadEnd> {
	const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script, ...words], {
		cwd,
		env: {...process.env, ...env, [parentVariable]: String(process.pid)},
		stdio: ['ignore', 'pipe', 'pipe', ...(answersOn === 3 ? ['pipe' as const] : [])],
		// It leads its own group, so that all of it can be ended together. Ctrl-C reaches only us; when we end, it ends too.
		detached: true,
	});
	let how: LoadEnd['how'] | undefined;
	const stop = (why: 'done' | 'late') => {
		how ??= why;
		endGroup(child.pid);
	};
	let timer = setTimeout(stop, startLimitSeconds * 1000, 'late');
	let printed = '';
	const [out, errors, other] = [child.stdout!, child.stderr!, child.stdio[3] as Readable | undefined];
	for (const stream of answersOn === 3 ? [out, errors] : [errors]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			printed += text;
		});
	}

	createInterface({input: other ?? out}).on('line', line => {
		const next = how ? undefined : onLine(line);
		if (next === 'done') {
			stop('done');
		} else if (next !== undefined) {
			clearTimeout(timer);
			timer = setTimeout(stop, next * 1000, 'late');
		}
	});

	const closed = once(child, 'close');
	const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
	clearTimeout(timer);
	// A process that it left behind may hold its output open.
	endGroup(child.pid);
	await Promise.race([closed, sleep(graceMs)]);
	// If this process had no CPU for so long, the timer fires before pending output is read. Let it be read first.
	await othersFirst();
	for (const stream of [out, errors, other]) {
		stream?.destroy();
	}

	return {how: how ?? {exitCode, signal}, printed};
}

function endGroup(leader: number | undefined): void {
	try {
		process.kill(-leader!, 'SIGKILL');
	} catch {
		// The whole group has ended.
	}
}
