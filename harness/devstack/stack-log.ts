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

/** Lines before the end among which a cause is looked for, and those that are told. */
const near = 60;
const told = 30;

/** Characters that are kept before the end and after it. A cause further away than this is none. */
const window = 256 * 1024;

/**
 * Takes bytes; `end()` when there are no more. Only where stack.sh gives up is looked for in all of it: what explains that,
 * or tells of a good end, stands right before. So a log of a gigabyte is read in seconds.
 */
export class StackReader {
	readonly #lines = new WholeLines(text => this.#take(text));
	readonly #before = new Tail(window);
	/** What was said since stack.sh gave up. */
	#after: Tail | undefined;
	#last = '';
	#log: StackLog | undefined;

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	/** The newest line. */
	get last(): string {
		return this.#last;
	}

	end(): StackLog {
		this.#lines.end();
		this.#log ??= factsOf(linesOf(this.#before.text), this.#last);
		return this.#log;
	}

	/** Why it failed; to be asked at the end, when it did. */
	failure(exitCode: number | undefined): Failure {
		const lines = linesOf(this.#before.text);
		const lastWords = lines.filter(Boolean).slice(-told);
		const rest = {trace: traceIn(lines), lastWords, aftermath: this.#aftermath()};
		for (const signature of signatures) {
			const line = lines.slice(-near).findLast(each => signature.shows.test(each));
			if (line !== undefined && (signature.with ?? []).every(each => lines.some(other => each.test(other)))) {
				return {message: signature.cause, signature, line, ...rest};
			}
		}

		const line = lines.findLast(isError) ?? lines.slice(-near).findLast(each => toolError.test(each));
		return line === undefined
			? {
					message: `stack.sh ended with ${exitCode ?? 'a signal'} and did not say why; its last line: ${lastWords.at(-1) ?? '(none)'}`,
					...rest,
				}
			: {message: wordsOf(line, rest.trace), line, ...rest};
	}

	#aftermath(): string[] {
		const known = linesOf(this.#after?.text ?? '').flatMap(line => {
			const why = aftermath.find(({shows}) => shows.test(line))?.why;
			return why === undefined ? [] : [`${line} (${why})`];
		});
		return [...new Set(known)];
	}

	#take(text: string): void {
		this.#last = meant(text.slice(text.lastIndexOf('\n', text.length - 2) + 1, -1)) || this.#last;
		const end = this.#after ? undefined : endIn(text);
		if (end !== undefined) {
			this.#before.add(text.slice(0, end));
			this.#after = new Tail(window);
			this.#after.add(text.slice(end));
		} else {
			(this.#after ?? this.#before).add(text);
		}
	}
}

/** The last characters of a text that comes in pieces. */
class Tail {
	readonly #length: number;
	#pieces: string[] = [];
	#sum = 0;

	constructor(length: number) {
		this.#length = length;
	}

	add(piece: string): void {
		this.#pieces.push(piece);
		this.#sum += piece.length;
		while (this.#sum - this.#pieces[0]!.length >= this.#length) {
			this.#sum -= this.#pieces.shift()!.length;
		}
	}

	get text(): string {
		const all = this.#pieces.join('');
		return all.length > this.#length ? all.slice(all.indexOf('\n', all.length - this.#length) + 1) : all;
	}
}

/** Where the line begins with which stack.sh gives up. */
function endIn(text: string): number | undefined {
	for (const sign of ['Error on exit', 'stack.sh failed']) {
		for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
			const start = text.lastIndexOf('\n', at) + 1;
			if (gaveUp.test(meant(text.slice(start, text.indexOf('\n', at))))) {
				return start;
			}
		}
	}

	return undefined;
}

function linesOf(text: string): string[] {
	return text.split('\n').map(meant);
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

	return {...log, ...(timing.times && {times: timing.times})};
}

/** The frames of the last trace. */
function traceIn(lines: readonly string[]): string[] {
	const from = lines.lastIndexOf('[Call Trace]') + 1;
	const rest = from === 0 ? [] : lines.slice(from);
	const end = rest.findIndex(line => !isFrame(line));
	return end < 0 ? rest : rest.slice(0, end);
}
