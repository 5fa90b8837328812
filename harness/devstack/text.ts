/** Turns terminal output into lines: handles bytes that are not UTF-8, escapes, time stamps and passwords. */
import {stripVTControlCharacters} from 'node:util';

/** Maximum bytes of one line. A program that prints a megabyte without a line end must not fill our memory. */
const longestLineBytes = 16_384;

/**
 * Cuts bytes into pieces of whole lines, each ending in a line end. They stay bytes: decoding a gigabyte takes longer than
 * searching it.
 */
export class WholeLines {
	readonly #take: (lines: Buffer) => void;
	#rest: Buffer = Buffer.alloc(0);

	constructor(take: (lines: Buffer) => void) {
		this.#take = take;
	}

	write(bytes: Buffer): void {
		// The line that began before is completed by itself, so that nothing else is copied.
		const first = this.#rest.length === 0 ? 0 : bytes.indexOf(newline) + 1;
		const end = bytes.lastIndexOf(newline) + 1;
		if (first > 0) {
			this.#take(Buffer.concat([this.#rest, bytes.subarray(0, first)]));
		}

		if (end > first) {
			this.#take(bytes.subarray(first, end));
		}

		const left = bytes.subarray(end);
		this.#rest = end > 0 || this.#rest.length === 0 ? left : Buffer.concat([this.#rest, left]);
		if (this.#rest.length > longestLineBytes) {
			this.#take(Buffer.concat([this.#rest.subarray(0, longestLineBytes), Buffer.from('…\n')]));
			this.#rest = Buffer.alloc(0);
		}
	}

	/** Call it at the end: a line that was cut off is a line too. */
	end(): void {
		if (this.#rest.length > 0) {
			this.#take(Buffer.concat([this.#rest, Buffer.from('\n')]));
			this.#rest = Buffer.alloc(0);
		}
	}
}

const newline = 0x0a;

/** Returns the lines of a piece as a terminal shows them. Bytes that are not UTF-8 become U+FFFD. */
export function linesOf(piece: Buffer): string[] {
	const text = piece.toString('utf8');
	return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map(visibleText);
}

/**
 * Prefixes of a line: the time, written by DevStack's outfilter.py (UTC) or, until 2013, by its awk (no fraction, no bar); the
 * name of the machine, written by the gate's console and by Vagrant. One may stand before another.
 */
const stamp =
	/^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)? \|(?: |$)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: |$)|(?:controller|primary|subnode-?\d*|compute-?\d+|(?:ubuntu|centos|debian|fedora)-[\w.-]+) \| |==> [\w.-]+: | {4}default: )+/;

/** Returns a line as a terminal shows it, without the time stamp: no escapes, nothing that a carriage return overwrote. */
export function visibleText(line: string): string {
	const plain = line.includes('\u001B') ? stripVTControlCharacters(line) : line;
	const ended = plain.replace(/\r+$/, '');
	return ended
		.slice(ended.lastIndexOf('\r') + 1)
		.replace(stamp, '')
		.slice(0, longestLineBytes);
}

/** Replaces a secret. */
const mask = '********';

const assigned = /((?:PASSWORD|PASSWD|SECRET|TOKEN)["']?\s*[=:]\s*["']?)(?!\s|["'$]|\*{8}|YES\b|NO\b)([^\s"']+)/gi;

/**
 * Returns a text without passwords: masks the values that we gave out, what stack.sh prints at its end, and assignments to such
 * names.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
	return secrets
		.filter(secret => secret.length > 3)
		.reduce((all, secret) => all.replaceAll(secret, mask), text)
		.replaceAll(assigned, `$1${mask}`);
}
