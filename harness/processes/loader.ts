/**
 * Loads files of users in a process of their own. Whatever such a file does (it ends its process, loops, waits for ever,
 * crashes, leaves something running) comes back as one value.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {setImmediate as othersFirst, setTimeout as sleep} from 'node:timers/promises';
import {parentVariable} from './watchdog.ts';

export interface LoadRequest {
	/** Our own script that imports the files. */
	script: string;
	words: readonly string[];
	cwd: string;
	env?: Record<string, string>;
	/** Where the script answers: its standard output, or the file descriptor 3, into which no file prints by accident. */
	answersOn: 'stdout' | 3;
	/** Takes a line of the answer. Returns `done` with the last one; a number of seconds begins a new limit. */
	onLine: (line: string) => 'done' | number | undefined;
	/** Seconds until the first line that begins a limit; this covers the start of the process on a busy host. */
	startLimitSeconds?: number;
}

export interface LoadEnd {
	/** `done`: its last line came. `late`: a limit passed. Otherwise how the process ended. */
	how: 'done' | 'late' | {exitCode: number | null; signal: NodeJS.Signals | null};
	/** What was printed on stderr, and on stdout where the answer comes by another way. */
	printed: string;
}

/** A file that its process's end found open elsewhere is read no further after so long. Milliseconds. */
const graceMs = 1000;

/** Starts the script and takes its lines until it has answered, has ended or is late. Afterwards nothing of it runs. */
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
		// It leads a group, which is ended as one. The terminal's Ctrl-C reaches us alone, and our end is its end.
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
	// What it has started and left behind may hold its output open.
	endGroup(child.pid);
	await Promise.race([closed, sleep(graceMs)]);
	// A timer comes before what lies there to be read, if this process had no CPU for so long: that is read first.
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
		// All of it has ended.
	}
}
