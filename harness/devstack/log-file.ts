/** A log file on this host, written as the output arrives, without passwords. */
import fs from 'node:fs';
import {HarnessError} from '../errors.ts';
import {maskSecrets, WholeLines} from './text.ts';

export class LogFile {
	readonly #descriptor: number;
	readonly #lines: WholeLines;
	#failure: unknown;
	#open = true;

	/** @param secrets what the file must not contain */
	constructor(file: string, secrets: readonly string[]) {
		this.#descriptor = fs.openSync(file, 'w');
		this.#lines = new WholeLines(lines => {
			try {
				fs.writeSync(this.#descriptor, maskSecrets(lines.toString('utf8'), secrets));
			} catch (error) {
				// The disk is full, for example. That is no fault of the program on the machine, so close() reports it at the
				// end.
				this.#failure ??= error;
			}
		});
	}

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	/** Closes the file. Throws HarnessError if something could not be written. May be called again. */
	close(): void {
		if (!this.#open) {
			return;
		}

		this.#open = false;
		this.#lines.end();
		fs.closeSync(this.#descriptor);
		if (this.#failure) {
			throw new HarnessError(`A log could not be written: ${(this.#failure as Error).message}`, {
				remedy: 'Make room on that disk, or move the runs to another one with SWARMLAB_RUNS.',
				cause: this.#failure,
			});
		}
	}
}
