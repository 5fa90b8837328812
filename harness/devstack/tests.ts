/** Reads the results of tempest, and of other programs that stestr runs, from its text. */
import {linesOf, WholeLines} from './text.ts';

export type TestStatus = 'passed' | 'failed' | 'skipped' | 'unfinished';

export interface TestOutcome {
	/** Without the attributes in brackets behind it. */
	id: string;
	/** The attributes in brackets: `smoke`, `id-UUID`. */
	attributes: string[];
	status: TestStatus;
	/** Omitted if the text has no time. */
	seconds?: number;
	/** The reason of a skipped test, or the last line of a failed test's traceback. */
	message?: string;
	details: string;
	/** The test failed as it was expected to, passed against expectation, or did not end. */
	note?: string;
}

export interface TestsRead {
	tests: TestOutcome[];
	/** `Passed`, `Failed` …: the tool's own counts. */
	totals: Record<string, number>;
	/** Contradictions in the text, one sentence each. */
	problems: string[];
}

/** Characters that are kept of the output of one test. */
const longest = 20_000;

/**
 * Splits attributes off the name of a test. An id may occur more than once: a class that cannot be set up fails in every
 * worker.
 */
export function splitId(whole: string): Pick<TestOutcome, 'id' | 'attributes'> {
	const [, id = whole, attributes = ''] = /^(.*?)(?:\[([^[\]]*)\])?$/s.exec(whole) ?? [];
	return {id, attributes: attributes.split(',').filter(Boolean)};
}

/**
 * `{0} tempest.api.x.test_y [0.053789s] ... ok`. What a test prints without a line end stands before it. If the worker of a
 * test died, the line shows the last state: `{0} x [] ... inprogress`.
 */
const line = /^(.*)\{\d+\} (\S.*?)(?: \[(?:(\d+(?:\.\d+)?)s?)?\])? \.\.\. (?:(SKIPPED)(?:: (.*))?|(\w+))$/;
const total = /^ - (Passed|Skipped|Expected Fail|Unexpected Success|Failed): (\d+)$/;
/** `Ran: 5 tests in 3.0 sec.`; in 2014 `Run: 614 in 1484.4 sec.`. */
const ran = /^R[au]n: (\d+) (?:tests )?in /;
/** The only text at the end if no test passed. */
const nonePassed = 'No tests were successful during the run';
const ruled = /^={4,}$/;
/** Under a rule: from here on the text repeats the failures and prints the totals. */
const chapter = /^(?:Failed \d+ tests? - output below:|Totals)$/;

/** The words for the end of a test. Any other word means that the test did not end. */
const words: Record<string, Pick<TestOutcome, 'status' | 'note'>> = {
	ok: {status: 'passed'},
	FAILED: {status: 'failed'},
	SKIPPED: {status: 'skipped'},
	success: {status: 'passed'},
	fail: {status: 'failed'},
	skip: {status: 'skipped'},
	xfail: {status: 'passed', note: 'it failed, as it was expected to'},
	uxsuccess: {status: 'failed', note: 'it passes, and is marked as an expected failure'},
};
const noEnd = {status: 'unfinished', note: 'its worker ended in the middle of it'} as const;

/** Reads the text of `stestr run`, `stestr last` or `tempest run`. */
export class StestrReader {
	readonly #tests: TestOutcome[] = [];
	readonly #totals: Record<string, number> = {};
	#current: TestOutcome | undefined;
	#over = false;
	#before = '';
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
		const totals = this.#totals;
		// The text shows an unexpected success as FAILED. Only its totals distinguish the two.
		const unexpected = totals.Failed === 0 && (totals['Unexpected Success'] ?? 0) > 0;
		const tests = this.#tests
			.map(each => (unexpected && each.status === 'failed' ? {...each, note: words.uxsuccess!.note!} : each))
			.map(finished);
		const isWhole = tests.length === 0 || Object.keys(totals).length > 0;
		const cutOff = isWhole ? [] : ['It printed no totals: it did not run to its end.'];
		return {tests, totals, problems: [...cutOff, ...contradictions(tests, totals)]};
	}

	#take(text: string): void {
		const [, before = '', id, seconds, skipped, reason, word = skipped ?? ''] = line.exec(text) ?? [];
		const under = ruled.test(this.#before);
		this.#before = text;
		if (under && chapter.test(text)) {
			this.#over = true;
			this.#current = undefined;
		}

		if (text === nonePassed) {
			this.#totals.Passed = 0;
		} else if (this.#over) {
			this.#inTotals(text);
		} else if (id !== undefined) {
			this.#note(before, '');
			this.#current = {
				...splitId(id),
				...(words[word] ?? noEnd),
				...(seconds !== undefined && {seconds: Number(seconds)}),
				message: reason,
				details: '',
			};
			this.#tests.push(this.#current);
		} else {
			this.#note(text);
		}
	}

	#inTotals(text: string): void {
		const [, name, count] = total.exec(text) ?? [];
		const tests = ran.exec(text)?.[1];
		if (name !== undefined) {
			this.#totals[name] = Number(count);
		} else if (tests !== undefined) {
			this.#totals.Ran = Number(tests);
		}
	}

	#note(text: string, end = '\n'): void {
		if (this.#current && this.#current.details.length < longest) {
			this.#current.details += `${text}${end}`;
		}
	}
}

function finished({details, message, ...test}: TestOutcome): TestOutcome {
	const text = details.trim();
	const last = text.split('\n').findLast(each => /^\s*[\w.]*(?:Error|Exception|Failure|Timeout)\w*(?::|$)/.test(each));
	const reason = message ?? (test.status === 'failed' ? (last?.trim() ?? test.note) : undefined);
	return {...test, ...(reason && {message: reason}), details: text};
}

/**
 * Compares the tool's counts with ours. The tool counts a class that fails in each worker once per worker, so results are
 * merged by id only after this.
 */
function contradictions(tests: readonly TestOutcome[], totals: Record<string, number>): string[] {
	// The text shows an expected failure as ok, an unexpected success as FAILED.
	const sums: [status: TestStatus | undefined, ...names: string[]][] = [
		['passed', 'Passed', 'Expected Fail'],
		['failed', 'Failed', 'Unexpected Success'],
		['skipped', 'Skipped'],
		[undefined, 'Ran'],
	];
	return sums.flatMap(([status, ...names]) => {
		const ours = tests.filter(each => status === undefined || each.status === status).length;
		const given = names.filter(name => totals[name] !== undefined);
		const theirs = given.reduce((sum, name) => sum + totals[name]!, 0);
		const said = given
			.filter((name, index) => index === 0 || totals[name]! > 0)
			.map(name => `${name}: ${totals[name]}`);
		return given.length === 0 || theirs === ours ? [] : [`Its totals say ${said.join(', ')}, and it lists ${ours}.`];
	});
}

const order: readonly TestStatus[] = ['failed', 'unfinished', 'passed', 'skipped'];

/** Returns one result for each id. Every worker reports a class that cannot be set up. The worst result counts. */
export function oncePerTest(tests: readonly TestOutcome[]): TestOutcome[] {
	const worst = new Map<string, TestOutcome>();
	for (const test of tests) {
		const known = worst.get(test.id);
		if (!known || order.indexOf(test.status) < order.indexOf(known.status)) {
			worst.set(test.id, test);
		}
	}

	return [...worst.values()];
}
