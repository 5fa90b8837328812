/** Reads results as they come in, while the scenario process still writes them. */
import fs from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../limits.ts';
import type {Result} from '../model/index.ts';
import {parseLines} from './lines.ts';
import {asResults, type ResultsRead} from './results.ts';

export interface ResultFollower {
	/** Reads what is left, stops reading and returns all results. Call it when the writer has ended. */
	end(): Promise<ResultsRead>;
}

/**
 * Calls `onResult` once for each result, in order, within `intervalSeconds` after its line is complete.
 * The file need not exist yet. It is polled, because file events are lost on some file systems.
 * `from`: bytes of the file that were read before. `problems` of `end()` lists what `onResult` throws: no later result is lost.
 */
export function followResults(
	file: string,
	onResult: (result: Result) => void,
	{intervalSeconds = limits.pollInterval, from = 0}: {intervalSeconds?: number; from?: number} = {},
): ResultFollower {
	const results: Result[] = [];
	const problems: string[] = [];
	const ended = new AbortController();
	let offset = from;
	let seen = 0;
	let rest = Buffer.alloc(0);

	const look = async () => {
		const bytes = await readFrom(file, offset);
		offset += bytes.length;
		rest = Buffer.concat([rest, bytes]);
		// Cut at line ends only: bytes in between may be half a character.
		const complete = rest.lastIndexOf(0x0a) + 1;
		take(rest.subarray(0, complete).toString());
		rest = rest.subarray(complete);
	};

	const take = (text: string) => {
		const lines = asResults(parseLines(text, seen + 1));
		seen += text.split('\n').length - 1;
		problems.push(...lines.problems);
		for (const result of lines.results) {
			results.push(result);
			try {
				onResult(result);
			} catch (error) {
				problems.push(`What follows the results could not take “${result.title}”: ${String(error)}`);
			}
		}
	};

	const polling = (async () => {
		while (!ended.signal.aborted) {
			await look();
			await sleep(intervalSeconds * 1000, undefined, {signal: ended.signal}).catch(() => {});
		}

		await look();
		take(rest.toString());
	})();
	// A failure to read is thrown by end(), not as an unhandled rejection in between.
	polling.catch(() => {});

	return {
		async end() {
			ended.abort();
			await polling;
			return {results, problems};
		},
	};
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
	try {
		await using handle = await fs.open(file);
		const {size} = await handle.stat();
		const bytes = Buffer.alloc(Math.max(0, size - offset));
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, offset);
		return bytes.subarray(0, bytesRead);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return Buffer.alloc(0);
		}

		throw error;
	}
}
