/** Results of tempest and of whatever else stestr runs: from its text, or from its subunit stream. One shape for both. */

import {stripVTControlCharacters} from 'node:util';
import type {Packet, SubunitStatus} from './subunit.ts';
import {SubunitReader} from './subunit.ts';
import {linesOf, WholeLines} from './text.ts';

export type TestStatus = 'passed' | 'failed' | 'skipped' | 'unfinished';

export interface TestOutcome {
	/** Without what stands in brackets behind it. */
	id: string;
	/** `smoke`, `id-UUID`: what stood there. */
	attributes: string[];
	status: TestStatus;
	/** Not there where nobody told. */
	seconds?: number;
	/** Of a skipped one its reason, of a failed one the last line of its traceback. */
	message?: string;
	details: string;
	/** It failed as it was expected to, or passed against expectation. */
	note?: string;
}

export interface TestsRead {
	tests: TestOutcome[];
	/** `Passed`, `Failed` …: as the tool itself counts. */
	totals: Record<string, number>;
	/** What does not fit together, one sentence each. */
	problems: string[];
}

/** Characters of what one test said. */
const longest = 20_000;

/** Identity of a test that may occur more than once: a class that cannot be set up fails in every worker. */
export function splitId(whole: string): Pick<TestOutcome, 'id' | 'attributes'> {
	const [, id = whole, attributes = ''] = /^(.*?)(?:\[([^[\]]*)\])?$/s.exec(whole) ?? [];
	return {id, attributes: attributes.split(',').filter(Boolean)};
}

/** `{0} tempest.api.x.test_y [0.053789s] ... ok`, and how it may end. */
const line = /^\{(\d+)\} (.*?)(?: \[(\d+(?:\.\d+)?)s\])? \.\.\. (ok|FAILED|SKIPPED(?:: (.*))?)$/;
const total = /^ - (Passed|Skipped|Expected Fail|Unexpected Success|Failed): (\d+)$/;

/** The text of `stestr run`, `stestr last` or `tempest run`. */
export class StestrReader {
	readonly #tests: TestOutcome[] = [];
	readonly #totals: Record<string, number> = {};
	#current: TestOutcome | undefined;
	#over = false;
	readonly #lines = new WholeLines(piece => {
		for (const each of linesOf(piece)) {
			this.#take(each);
		}
	});

	write(bytes: Buffer): void {
		this.#lines.write(bytes);
	}

	end(): TestsRead {
		this.#lines.end();
		const {tests, totals} = {tests: this.#tests.map(finished), totals: this.#totals};
		return {tests, totals, problems: contradictions(tests, totals)};
	}

	#take(text: string): void {
		const [, , id, seconds, outcome, reason] = line.exec(text) ?? [];
		const [, name, count] = total.exec(text) ?? [];
		if (id !== undefined && !this.#over) {
			this.#current = {
				...splitId(id),
				status: outcome === 'ok' ? 'passed' : outcome === 'FAILED' ? 'failed' : 'skipped',
				...(seconds !== undefined && {seconds: Number(seconds)}),
				...(reason !== undefined && {message: reason}),
				details: '',
			};
			this.#tests.push(this.#current);
		} else if (name !== undefined) {
			this.#totals[name] = Number(count);
		} else if (/^={4,}$/.test(text)) {
			// What failed is told once more below: `Failed 4 tests - output below:`, and the totals.
			this.#over = true;
			this.#current = undefined;
		} else if (this.#current && this.#current.details.length < longest) {
			this.#current.details += `${text}\n`;
		}
	}
}

/** The subunit stream of the same. */
export class SubunitTests {
	readonly #running = new Map<string, TestOutcome & {since?: number}>();
	readonly #tests: TestOutcome[] = [];
	readonly #reader = new SubunitReader(packet => this.#take(packet));

	write(bytes: Buffer): void {
		this.#reader.write(bytes);
	}

	end(): TestsRead {
		this.#reader.end();
		const {damaged, foreign} = this.#reader.seen;
		return {
			tests: [...this.#tests, ...this.#running.values()].map(finished),
			totals: {},
			problems: [
				...(damaged > 0 ? [`${damaged} packets are damaged or cut off and were left out.`] : []),
				...(foreign > 0 ? [`${foreign} bytes belong to no packet.`] : []),
			],
		};
	}

	#take({id, status, at, file, tags, route}: Packet): void {
		if (id === undefined || status === 'exists') {
			return;
		}

		const key = `${route ?? ''} ${tags.find(each => each.startsWith('worker-')) ?? ''} ${id}`;
		const known = this.#find(key, id);
		const test = known ?? {...splitId(id), status: 'unfinished' as const, details: ''};
		if (!known) {
			this.#running.set(key, test);
		}

		// The first packet is its start, whether it says `inprogress` or (of os-testr's generate-subunit) nothing.
		test.since ??= at;

		if (file && test.details.length < longest) {
			test.details += file.name === 'reason' ? '' : stripVTControlCharacters(file.bytes.toString('utf8'));
			test.message ??= file.name === 'reason' ? file.bytes.toString('utf8').trim() : undefined;
		}

		if (status !== undefined && status !== 'inprogress') {
			const {since, ...outcome} = {...test, ...ends[status]};
			this.#tests.push({...outcome, ...(since !== undefined && at !== undefined && {seconds: (at - since) / 1000})});
			for (const [name, each] of this.#running) {
				if (each === test) {
					this.#running.delete(name);
				}
			}
		}
	}

	/** Tags come with the last packet only, so one without is taken for the newest of that id. */
	#find(key: string, id: string): (TestOutcome & {since?: number}) | undefined {
		return this.#running.get(key) ?? [...this.#running].findLast(([name]) => name.endsWith(` ${id}`))?.[1];
	}
}

const ends: Record<Exclude<SubunitStatus, 'exists' | 'inprogress'>, Pick<TestOutcome, 'status' | 'note'>> = {
	success: {status: 'passed'},
	uxsuccess: {status: 'failed', note: 'it passes, and is marked as an expected failure'},
	skip: {status: 'skipped'},
	fail: {status: 'failed'},
	xfail: {status: 'passed', note: 'it failed, as it was expected to'},
};

function finished({details, message, ...test}: TestOutcome): TestOutcome {
	const text = details.trim();
	const last = text.split('\n').findLast(each => /^\s*[\w.]*(?:Error|Exception|Failure|Timeout)\w*(?::|$)/.test(each));
	const told = message ?? (test.status === 'failed' ? (last?.trim() ?? test.note) : undefined);
	return {...test, ...(told && {message: told}), details: text};
}

/** Its own counts against ours. A class that fails in each worker is counted as often, so ours may be told by id only. */
function contradictions(tests: readonly TestOutcome[], totals: Record<string, number>): string[] {
	const pairs: [name: string, status: TestStatus][] = [
		['Failed', 'failed'],
		['Skipped', 'skipped'],
	];
	return pairs.flatMap(([name, status]) => {
		const ours = tests.filter(each => each.status === status).length;
		const theirs = totals[name];
		return theirs === undefined || theirs === ours ? [] : [`Its totals say ${name}: ${theirs}, and ${ours} were told.`];
	});
}
