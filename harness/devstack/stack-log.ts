/** What stack.sh said, read as it comes: how it ended, the first cause where it failed, and where its time went. */
import {isError, isFrame, wordsOf} from './die.ts';
import {aftermath, type Signature, signatures} from './signatures.ts';
import {meant, WholeLines} from './text.ts';
import {type ComponentTimes, TimingReader} from './timing.ts';

export interface StackLog {
	/** Seconds, as stack.sh counts them; only where it says so on its console (with LOGFILE it does not). */
	seconds?: number;
	/** It told the address by which the cloud is reached: the last thing that it does. */
	hostIp?: string;
	keystone?: string;
	/** `DevStack Version`, `Change`, `OS Version`, where it tells them. */
	versions: Record<string, string>;
	times?: ComponentTimes;
	/** The newest line. */
	last: string;
}

export interface Failure {
	/** One line: the cause that is known, or else the very words. */
	message: string;
	signature?: Signature;
	/** The line that shows it; undefined when nothing that was said explains it. */
	line?: string;
	/** Outermost first. */
	trace: string[];
	/** Last lines before stack.sh gave up. */
	lastWords: string[];
	/** What was said after that, and why it is not the cause. */
	aftermath: string[];
}

/**
 * Whatever may explain an end, or tells of one, has one of these in it. Other lines are never made into strings: a log of
 * a gigabyte is read in seconds.
 */
const marker =
	/\[ERROR\]|\[Call Trace\]|Error on exit|stack\.sh (?:failed|completed|session)|fatal: |E: |W: Failed|ERROR|rror: |Exception: |No space left|Cannot allocate|MemoryError|Out of memory|command not found|No such file|Permission denied|Connection refused|Could not resolve|404 {2}Not|has not been tested|Unable to |HTTPConnectionPool|[Dd]iscovering versions|could not be retrieved|World dumping|host IP address|host ip: |is serving at |DevStack Version|Change: |OS Version|DevStack Component|nter a password/g;

/** What tools and Python say when they give up. */
const toolError =
	/^(?:fatal: |E: |ERROR[ :]|error: |\S*(?:Error|Exception): |ovs-vsctl: )|command not found$|No such file or directory$|Permission denied$/;

const gaveUp = /^(?:Error on exit$|(?:\S*\/)?stack\.sh failed)/;

const facts: [pattern: RegExp, take: (log: StackLog, value: string) => void][] = [
	[/^This is your host IP address: (\S+)/, (log, value) => (log.hostIp = value)],
	[/^This is your host ip: (\S+)/, (log, value) => (log.hostIp = value)],
	[/^Keystone is serving at (\S+)/, (log, value) => (log.keystone = value)],
	[/^stack\.sh completed in (\d+) seconds/, (log, value) => (log.seconds = Number(value))],
	[/^DevStack Version: (.+)/, (log, value) => (log.versions['DevStack Version'] = value)],
	[/^Change: (.+)/, (log, value) => (log.versions.Change = value)],
	[/^OS Version: (.+)/, (log, value) => (log.versions['OS Version'] = value)],
];

/** Noted lines that are kept, and those at the end among which a cause is looked for. */
const kept = 400;
const near = 20;

/** Characters and lines of the last words. */
const tailLength = 6000;
const tailLines = 30;

interface Noted {
	line: string;
	/** Where it began, in characters. */
	at: number;
}

/** Takes bytes; `end()` when there are no more. */
export class StackReader {
	readonly #log: StackLog = {versions: {}, last: ''};
	readonly #lines = new WholeLines(text => this.#take(text));
	readonly #timing = new TimingReader();
	#read = 0;
	#tail = '';
	#noted: Noted[] = [];
	/** A table or a trace goes on, so that each line counts. */
	#goesOn = false;
	#trace: string[] = [];
	#gaveUp: {at: number; lastWords: string[]} | undefined;
	#aftermath = new Set<string>();

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	/** What is known so far. */
	get log(): StackLog {
		return {...this.#log, ...(this.#timing.times && {times: this.#timing.times})};
	}

	end(): StackLog {
		this.#lines.end();
		return this.log;
	}

	/** Why it failed; to be asked when it did. */
	failure(exitCode: number | undefined): Failure {
		const lastWords = this.#gaveUp?.lastWords ?? lastLines(this.#tail);
		const before = this.#noted.filter(({at}) => at < (this.#gaveUp?.at ?? Number.POSITIVE_INFINITY));
		const rest = {trace: this.#trace, lastWords, aftermath: [...this.#aftermath]};
		for (const signature of signatures) {
			const shows = before.slice(-near).findLast(({line}) => signature.shows.test(line));
			if (shows && (signature.with ?? []).every(each => before.some(({line}) => each.test(line)))) {
				return {message: signature.cause, signature, line: shows.line, ...rest};
			}
		}

		const cause = before.findLast(({line}) => isError(line)) ?? before.findLast(({line}) => toolError.test(line));
		return cause
			? {message: wordsOf(cause.line, this.#trace), line: cause.line, ...rest}
			: {
					message: `stack.sh ended with ${exitCode ?? 'a signal'} and did not say why; its last line: ${lastWords.at(-1) ?? '(none)'}`,
					...rest,
				};
	}

	#take(text: string): void {
		let at = 0;
		while (at < text.length) {
			const from = this.#goesOn ? at : nextLine(text, at);
			if (from === undefined) {
				break;
			}

			const end = text.indexOf('\n', from);
			this.#line(meant(text.slice(from, end)), this.#read + from, () => this.#tail + text.slice(0, from));
			at = end + 1;
		}

		this.#read += text.length;
		this.#tail = text.length < tailLength ? `${this.#tail}${text}`.slice(-tailLength) : text.slice(-tailLength);
		this.#log.last = meant(text.slice(text.lastIndexOf('\n', text.length - 2) + 1, -1)) || this.#log.last;
	}

	#line(line: string, at: number, before: () => string): void {
		if (line === '[Call Trace]') {
			this.#goesOn = true;
			if (!this.#gaveUp) {
				this.#trace = [];
			}

			return;
		}

		if (isFrame(line) && this.#goesOn) {
			if (!this.#gaveUp) {
				this.#trace.push(line);
			}

			return;
		}

		this.#goesOn = this.#timing.take(line);
		if (this.#goesOn) {
			return;
		}

		if (gaveUp.test(line)) {
			this.#gaveUp ??= {at, lastWords: lastLines(before())};
		}

		if (this.#gaveUp) {
			const known = aftermath.find(({shows}) => shows.test(line));
			if (known) {
				this.#aftermath.add(`${line} (${known.why})`);
			}
		}

		for (const [pattern, take] of facts) {
			const value = pattern.exec(line)?.[1];
			if (value !== undefined) {
				take(this.#log, value);
			}
		}

		this.#noted.push({line, at});
		if (this.#noted.length > kept) {
			this.#noted = this.#noted.slice(-kept / 2);
		}
	}
}

/** Where the next line begins that has a marker in it. */
function nextLine(text: string, from: number): number | undefined {
	marker.lastIndex = from;
	const found = marker.exec(text);
	return found ? text.lastIndexOf('\n', found.index) + 1 : undefined;
}

function lastLines(text: string): string[] {
	return text.split('\n').map(meant).filter(Boolean).slice(-tailLines);
}
