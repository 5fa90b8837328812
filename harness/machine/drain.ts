/** Leads a stream into a process that may stop reading before the stream ends. */
import type {Readable, Writable} from 'node:stream';

/** Like `pipe`. What comes after the target has closed is read and thrown away, so that the source still ends. */
export function drainInto(source: Readable, target: Writable): void {
	source.pipe(target);
	// tar ends at the mark in the archive: what pads it may come later. A pipe whose target is gone reads no more.
	target.once('close', () => source.resume());
	target.on('error', () => source.resume());
}
