/** What was said on a terminal, made into lines: bytes that are no UTF-8, escapes, time stamps and passwords included. */
import {StringDecoder} from 'node:string_decoder';
import {stripVTControlCharacters} from 'node:util';

/** Characters of one line; a program that prints a megabyte without a line end must not cost us memory. */
const longest = 16_384;

/**
 * Cuts bytes into texts of whole lines, each ending in a line end. Text comes in large pieces, as a log of a gigabyte is
 * read quickly only when most of its lines are never made. What is no UTF-8 becomes U+FFFD.
 */
export class WholeLines {
	readonly #take: (text: string) => void;
	readonly #decoder = new StringDecoder('utf8');
	#rest = '';

	constructor(take: (text: string) => void) {
		this.#take = take;
	}

	write(bytes: Buffer): void {
		const text = this.#rest + this.#decoder.write(bytes);
		const end = text.lastIndexOf('\n') + 1;
		this.#rest = text.slice(end);
		if (end > 0) {
			this.#take(text.slice(0, end));
		}

		if (this.#rest.length > longest) {
			this.#take(`${this.#rest.slice(0, longest)}…\n`);
			this.#rest = '';
		}
	}

	/** To be called at the end: a line that was cut off is a line too. */
	end(): void {
		const last = this.#rest + this.#decoder.end();
		this.#rest = '';
		if (last !== '') {
			this.#take(`${last}\n`);
		}
	}
}

/** DevStack's outfilter.py puts it before each line of a log (UTC). */
const stamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \| ?/;

/** A line as it was meant: no escapes, no time stamp, what a carriage return overwrote left out. */
export function meant(line: string): string {
	const plain = line.includes('\u001B') ? stripVTControlCharacters(line) : line;
	const ended = plain.replace(/\r+$/, '');
	return ended
		.slice(ended.lastIndexOf('\r') + 1)
		.replace(stamp, '')
		.slice(0, longest);
}

/** What a masked secret reads. */
const mask = '********';

const assigned = /((?:PASSWORD|PASSWD|SECRET|TOKEN)["']?\s*[=:]\s*["']?)(?!\s|["'$]|\*{8}|YES\b|NO\b)([^\s"']+)/gi;
const told = /^(The password: ).+$/gim;

/** A text without passwords: the values that we gave out, what stack.sh tells at its end, and assignments to such names. */
export function masked(text: string, secrets: readonly string[]): string {
	return secrets
		.filter(secret => secret.length > 3)
		.reduce((all, secret) => all.replaceAll(secret, mask), text)
		.replaceAll(told, `$1${mask}`)
		.replaceAll(assigned, `$1${mask}`);
}
