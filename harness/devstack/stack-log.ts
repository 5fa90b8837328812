/** What stack.sh said, read as it comes: how it ended, the first cause where it failed, and where its time went. */
import {causeOf, lastCommand} from './cause.ts';
import {isError, isFrame} from './die.ts';
import type {Signature} from './signature.ts';
import {aftermath} from './signatures.ts';
import {linesOf, visibleText, WholeLines} from './text.ts';
import {type ComponentTimes, TimingReader} from './timing.ts';
import {callOf, isTrap} from './xtrace.ts';

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

const facts: [pattern: RegExp, take: (log: StackLog, value: string) => void][] = [
	[/^This is your host IP address: (\S+)/, (log, value) => (log.hostIp = value)],
	[/^This is your host ip: (\S+)/, (log, value) => (log.hostIp = value)],
	[/^Keystone is serving at (\S+)/, (log, value) => (log.keystone = value)],
	[/^stack\.sh completed in (\d+) seconds/, (log, value) => (log.seconds = Number(value))],
	[/^DevStack Version: (.+)/, (log, value) => (log.versions['DevStack Version'] = value)],
	[/^Change: (.+)/, (log, value) => (log.versions.Change = value)],
	[/^OS Version: (.+)/, (log, value) => (log.versions['OS Version'] = value)],
];

/** Lines before the end that are told. */
const lastWordsLines = 30;

/** Bytes that are kept before the end and after it. A cause further away than this is none. */
const windowBytes = 256 * 1024;

/**
 * Takes bytes; `end()` when there are no more. Only where stack.sh gives up is looked for in all of it: what explains that,
 * or tells of a good end, stands right before. So a log of a gigabyte is read in seconds.
 */
export class StackReader {
	readonly #lines = new WholeLines(lines => this.#take(lines));
	readonly #before = new Tail(windowBytes);
	/** What was said since stack.sh gave up. */
	#after: Tail | undefined;
	#log: StackLog | undefined;

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	/** The newest line. */
	get last(): string {
		return (this.#after ?? this.#before).last;
	}

	end(): StackLog {
		this.#lines.end();
		this.#log ??= factsOf([...this.#before.lines, ...(this.#after?.lines ?? [])], this.last);
		return this.#log;
	}

	/** Why it failed; to be asked at the end, when it did. */
	failure(exitCode: number | undefined): Failure {
		const {lines} = this.#before;
		const lastWords = lines.filter(Boolean).slice(-lastWordsLines);
		const rest = {trace: traceIn(lines), lastWords, aftermath: this.#aftermath()};
		const cause = causeOf(lines, rest.trace);
		if (cause) {
			return {...cause, ...rest};
		}

		const command = lastCommand(lines);
		const last = `its last line: ${lastWords.at(-1) ?? '(none)'}`;
		return {
			message: `stack.sh ended with ${exitCode ?? 'a signal'} and did not say why; ${command ? `its last command: ${command}; ` : ''}${last}`,
			...rest,
		};
	}

	#aftermath(): string[] {
		const known = (this.#after?.lines ?? []).flatMap(line => {
			const why = callOf(line) ? undefined : aftermath.find(({shows}) => shows.test(line))?.why;
			return why === undefined ? [] : [`${line} (${why})`];
		});
		return [...new Set(known)];
	}

	#take(lines: Buffer): void {
		let rest = lines;
		while (rest.length > 0) {
			const cut = (this.#after ? resumesIn : endIn)(rest) ?? rest.length;
			(this.#after ?? this.#before).add(rest.subarray(0, cut));
			if (cut < rest.length) {
				this.#turn();
			}

			rest = rest.subarray(cut);
		}
	}

	/** It gave up; or what looked so was not its end, as it went on. */
	#turn(): void {
		if (this.#after) {
			this.#before.addAll(this.#after);
			this.#after = undefined;
		} else {
			this.#after = new Tail(windowBytes);
		}
	}
}

/** The last bytes of what comes in pieces. */
class Tail {
	readonly #length: number;
	readonly #pieces: Buffer[] = [];
	#sum = 0;

	constructor(length: number) {
		this.#length = length;
	}

	add(piece: Buffer): void {
		this.#pieces.push(piece.subarray(Math.max(0, piece.length - this.#length)));
		this.#sum += this.#pieces.at(-1)!.length;
		while (this.#sum - this.#pieces[0]!.length >= this.#length) {
			this.#sum -= this.#pieces.shift()!.length;
		}
	}

	addAll(other: Tail): void {
		for (const piece of other.#pieces) {
			this.add(piece);
		}
	}

	get lines(): string[] {
		return this.#sum === 0 ? [] : linesOf(Buffer.concat(this.#pieces));
	}

	/** The last line that is not empty. */
	get last(): string {
		for (const piece of this.#pieces.toReversed()) {
			const line = linesOf(piece.subarray(Math.max(0, piece.length - 4096))).findLast(Boolean);
			if (line !== undefined) {
				return line;
			}
		}

		return '';
	}
}

/** What the lines have in them by which it gives up: its traps, and what these say. Few and rare, as all of a log is searched. */
const marks = ['_trap', 'Error on exit', ' failed', '+ clean\n'].map(each => Buffer.from(each));
const goesOn = Buffer.from('stack.sh:main:');
const says =
	/^(?:Error on exit|(?:\S*\/)?stack\.sh failed(?:: full log in .*)?|exit_trap: cleaning up child processes)$/;

/** Where the line begins with which stack.sh gives up: whatever went wrong was said before. */
function endIn(lines: Buffer): number | undefined {
	const starts = marks.flatMap(mark => {
		const start = lineWith(lines, mark, line => {
			const call = callOf(line);
			return call ? isTrap(call) : says.test(line);
		});
		return start === undefined ? [] : [start];
	});
	return starts.length > 0 ? Math.min(...starts) : undefined;
}

/** Where it goes on with its own work. */
function resumesIn(lines: Buffer): number | undefined {
	return lineWith(lines, goesOn, line => {
		const call = callOf(line);
		return call?.func === 'main' && !isTrap(call);
	});
}

/** Where the first line begins that has the mark in it and is meant. */
function lineWith(lines: Buffer, mark: Buffer, isMeant: (line: string) => boolean): number | undefined {
	for (let at = lines.indexOf(mark); at >= 0; at = lines.indexOf(mark, at + 1)) {
		const start = at === 0 ? 0 : lines.lastIndexOf('\n', at - 1) + 1;
		if (isMeant(visibleText(lines.toString('utf8', start, lines.indexOf('\n', at))))) {
			return start;
		}
	}

	return undefined;
}

function factsOf(lines: readonly string[], last: string): StackLog {
	const log: StackLog = {versions: {}, last};
	const timing = new TimingReader();
	for (const line of lines) {
		timing.take(line);
		for (const [pattern, take] of facts) {
			const value = pattern.exec(line)?.[1];
			if (value !== undefined) {
				take(log, value);
			}
		}
	}

	return {...log, times: timing.times};
}

/** The frames of the last trace, where it is the end's: nothing but its own words stands behind it. */
function traceIn(lines: readonly string[]): string[] {
	const from = lines.slice(-lastWordsLines).some(isError) ? lines.lastIndexOf('[Call Trace]') + 1 : 0;
	const rest = from === 0 ? [] : lines.slice(from);
	const end = rest.findIndex(line => !isFrame(line));
	return end < 0 ? rest : rest.slice(0, end);
}
