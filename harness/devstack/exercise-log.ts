/** Reads the output of exercise.sh block by block as it arrives, and times each block: the script itself prints no times. */
import {isError, isFrame, wordsOf} from './die.ts';
import {linesOf, WholeLines} from './text.ts';

/** The output of one exercise, and what it shows of the result. */
export interface Block {
	name: string;
	/** Seconds from its banner to the next. */
	seconds: number;
	/** Another block or the summary followed it. */
	ended: boolean;
	/** The first error message in it. */
	error?: string;
	/** `Keystone: Succeeded`, …: what client-args and client-env print for each service. */
	services: Record<string, 'Succeeded' | 'Failed' | 'Skipped'>;
	/** It printed its own last banner. The banner of aggregates lacks the word SUCCESS. */
	saysSuccess: boolean;
	/** Last lines. */
	tail: string[];
}

export type Outcome = 'PASS' | 'SKIP' | 'FAILED';

export interface ExerciseLog {
	blocks: Block[];
	/** Undefined if the output ended before the summary. */
	summary?: Record<string, Outcome>;
}

/** The rule has 69 signs in 96ffde28 and all its neighbours. Output without a line end may precede it. */
const rule = '='.repeat(69);
const isRule = (line: string) => line.endsWith(rule) && !line.endsWith(`=${rule}`);
const running = /^Running (\S+)$/;
const summarised = /^(SKIP|PASS|FAILED) (\S+)$/;
const service = /^(\w+): (Succeeded|Failed|Skipped)$/;
const success = /^(?:SUCCESS: )?End DevStack Exercise: /;

/** Maximum number of lines of a block that are kept. */
const kept = 60;

/** Takes bytes as they arrive. The time of a block starts when its banner arrives. */
export class ExerciseReader {
	readonly #lines: WholeLines;
	readonly #now: () => number;
	readonly #onBlock: (block: Block) => void;
	readonly #blocks: Block[] = [];
	#summary: Record<string, Outcome> | undefined;
	#current: (Block & {since: number}) | undefined;
	#trace: string[] = [];
	/** The line before. It distinguishes a banner from a line that looks like the middle of one. */
	#before = '';
	#candidate: Record<string, Outcome> | undefined;

	/**
	 * @param onBlock called with each block when it is closed
	 * @param now returns milliseconds
	 */
	constructor(onBlock: (block: Block) => void = () => {}, now: () => number = () => performance.now()) {
		this.#onBlock = onBlock;
		this.#now = now;
		this.#lines = new WholeLines(piece => {
			for (const line of linesOf(piece)) {
				this.#take(line);
			}
		});
	}

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	/** The exercise that runs now, and its last line. */
	get now(): {name: string; last: string} | undefined {
		return this.#current && {name: this.#current.name, last: this.#current.tail.at(-1) ?? ''};
	}

	end(): ExerciseLog {
		this.#lines.end();
		this.#close(false);
		return {blocks: this.#blocks, summary: this.#summary};
	}

	#take(line: string): void {
		const name = isRule(this.#before) ? running.exec(line)?.[1] : undefined;
		if (name !== undefined) {
			this.#close(true);
			this.#current = {
				name,
				seconds: 0,
				ended: false,
				services: {},
				saysSuccess: false,
				tail: [],
				since: this.#now(),
			};
		} else if (this.#candidate) {
			this.#inSummary(line);
		} else if (isRule(this.#before) && summarised.test(line)) {
			this.#candidate = {};
			this.#inSummary(line);
		} else {
			this.#inBlock(line);
		}

		this.#before = line;
	}

	/**
	 * Between the two rules of a summary stand only outcomes. Any other line shows that it was no summary. The last summary
	 * counts.
	 */
	#inSummary(line: string): void {
		const [, outcome, name] = summarised.exec(line) ?? [];
		if (name !== undefined) {
			this.#candidate![name] = outcome as Outcome;
			return;
		}

		if (line === rule) {
			this.#close(true);
			this.#summary = this.#candidate;
		}

		this.#candidate = undefined;
	}

	#inBlock(line: string): void {
		const block = this.#current;
		if (!block || line === rule || line === '') {
			return;
		}

		const [, name, outcome] = service.exec(line) ?? [];
		if (name !== undefined) {
			block.services[name] = outcome as Block['services'][string];
		}

		if (line === '[Call Trace]') {
			this.#trace = [];
		} else if (isFrame(line)) {
			this.#trace.push(line);
		} else if (isError(line)) {
			block.error ??= wordsOf(line, this.#trace);
		}

		block.saysSuccess ||= success.test(line);
		block.tail.push(line);
		if (block.tail.length > kept) {
			block.tail.splice(0, kept / 2);
		}
	}

	#close(ended: boolean): void {
		if (this.#current) {
			const {since, ...block} = this.#current;
			const closed = {...block, seconds: (this.#now() - since) / 1000, ended};
			this.#current = undefined;
			this.#trace = [];
			this.#blocks.push(closed);
			this.#onBlock(closed);
		}
	}
}
