/** Writes the page of trends: what claims came to over the runs. */
import path from 'node:path';
import type {Strip} from '../harness/history/history.ts';
import {trendPieces} from './html/trends.ts';
import {writeWhole} from './whole-file.ts';

/** Writes the page at once and whole. Returns its absolute path. Throws HarnessError (disk full, no right to write). */
export function writeTrends(file: string, strips: readonly Strip[]): string {
	return writeWhole(path.resolve(file), whole => {
		for (const piece of trendPieces(strips)) {
			whole.write(piece);
		}

		whole.done();
		return whole.file;
	});
}
