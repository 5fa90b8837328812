/** Reads the output of stack.sh as it arrives: how it ended, the first cause if it failed, and where its time went. */
import {causeOf, lastCommand} from './cause.ts';
import {isError, isFrame} from './die.ts';
import type {Signature} from './signature.ts';
import {aftermath} from './signatures.ts';
import {linesOf, visibleText, WholeLines} from './text.ts';
import {type ComponentTimes, TimingReader} from './timing.ts';
import {callOf, isTrap} from './xtrace.ts';

export interface StackLog {
	/** Seconds, as stack.sh counts them; only if it prints them on its console (with LOGFILE it does not). */
	seconds?: number;
	/** The address of the cloud. stack.sh prints it as its last step. */
	hostIp?: string;
	keystone?: string;
	/** `DevStack Version`, `Change`, `OS Version`, if stack.sh prints them. */
	versions: Record<string, string>;
	times?: ComponentTimes;
	/** The newest line. */
	last: string;
}

export interface Failure {
	/** One line: the known cause, or else the error's own words. */
	message: string;
	signature?: Signature;
	/** The line that shows the cause; undefined if nothing in the output explains the failure. */
	line?: string;
	/** Frames, outermost first. */
	trace: string[];
	/** Last lines before stack.sh gave up. */
	lastWords: string[];
	/** Known lines after that, each with the reason why it is not the cause. */
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

/** How many lines before the end are reported. */
const lastWordsLines = 30;

/** Bytes that are kept before the end and after it. A cause further away does not count. */
const windowBytes = 256 * 1024;

/**
 * Takes bytes; call `end()` after the last. The whole log is searched only for the place where stack.sh gives up: what explains
 * the failure, or reports a good end, stands right before it. So a log of a gigabyte is read in seconds.
 */
export class StackReader {
	readonly #lines = new WholeLines(lines => this.#take(lines));
	readonly #before = new Tail(windowBytes);
	/** The output since stack.sh gave up. */
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

	/** Returns why stack.sh failed. Call it at the end, and only if stack.sh failed. */
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

	/** Switches between the two tails: stack.sh gave up, or it went on after what looked like its end. */
	#turn(): void {
		if (this.#after) {
			this.#before.addAll(this.#after);
			this.#after = undefined;
		} else {
			this.#after = new Tail(windowBytes);
		}
	}
}

/** Keeps the last bytes of a stream. */
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

/**
 * Parts of the lines with which stack.sh gives up: its traps and their messages. Few and rare, because the whole log is
 * searched for them.
 */
const marks = ['_trap', 'Error on exit', ' failed', '+ clean\n'].map(each => Buffer.from(each));
const goesOn = Buffer.from('stack.sh:main:');
const says =
	/^(?:Error on exit|(?:\S*\/)?stack\.sh failed(?:: full log in .*)?|exit_trap: cleaning up child processes)$/;

/** Returns the offset of the line with which stack.sh gives up. The cause stands before it. */
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

/** Returns the offset of the line with which stack.sh goes on with its own work. */
function resumesIn(lines: Buffer): number | undefined {
	return lineWith(lines, goesOn, line => {
		const call = callOf(line);
		return call?.func === 'main' && !isTrap(call);
	});
}

/** Returns the offset of the first line that contains the mark and that `isMeant` accepts. */
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

/** Returns the frames of the last call trace, if it belongs to the end: only the words of its error follow it. */
function traceIn(lines: readonly string[]): string[] {
	const from = lines.slice(-lastWordsLines).some(isError) ? lines.lastIndexOf('[Call Trace]') + 1 : 0;
	const rest = from === 0 ? [] : lines.slice(from);
	const end = rest.findIndex(line => !isFrame(line));
	return end < 0 ? rest : rest.slice(0, end);
}
