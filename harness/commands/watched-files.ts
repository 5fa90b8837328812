/** Files whose content is watched: those that were named, and what they import by relative paths. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {filesWithImports} from '../relative-imports.ts';

/** Milliseconds after the first sign of a change: an editor writes a file in several steps. */
const settleMs = 50;

export interface WatchedFiles {
	/** How many there are. */
	count: number;
	/** Resolves when the content of one has changed since this was made, also if that was before the call; rejects with the reason if `signal` is aborted. */
	changed(signal: AbortSignal): Promise<void>;
}

/** Reads the files as they are now. @param named absolute */
export function watchFiles(named: readonly string[]): WatchedFiles {
	const files = new Set(named.flatMap(file => [file, ...filesWithImports(file)]));
	const before = sumOf(files);
	return {
		count: files.size,
		async changed(signal) {
			// Editors replace files, so the folders are watched.
			const folders = new Set([...files].map(file => path.dirname(file)).filter(folder => fs.existsSync(folder)));
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			let timer: NodeJS.Timeout | undefined;
			const look = () => {
				timer ??= setTimeout(() => {
					timer = undefined;
					if (sumOf(files) !== before) {
						resolve();
					}
				}, settleMs);
			};
			const end = () => reject(signal.reason);
			const watchers = [...folders].map(folder => fs.watch(folder, look).on('error', look));
			signal.addEventListener('abort', end, {once: true});
			look();
			try {
				signal.throwIfAborted();
				await promise;
			} finally {
				clearTimeout(timer);
				signal.removeEventListener('abort', end);
				for (const each of watchers) {
					each.close();
				}
			}
		},
	};
}

/** Of names and content; a file that is not there counts as such. */
function sumOf(files: Iterable<string>): string {
	const sum = createHash('sha256');
	for (const file of files) {
		sum.update(`${file}\0`);
		try {
			sum.update(fs.readFileSync(file));
		} catch {
			sum.update('\0none');
		}
	}

	return sum.digest('hex');
}
