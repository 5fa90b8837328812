/** Requests that go on while something else happens, and what was lost of them. */
import type {Answer} from './answers.ts';
import type {Client} from './client.ts';

/** A request that has ended. */
export interface Request {
	/** Milliseconds since any fixed moment: when it ended. */
	atMs: number;
	ok: boolean;
	/** Why it failed; empty if it did not. */
	error: string;
}

/** What became of a load. */
export interface LoadResult {
	requests: number;
	lost: number;
	/** Seconds: the longest time in which no request was answered. */
	longestGap: number;
	/** Each different error, with how often it came. */
	errors: Record<string, number>;
}

/** How many requests one command sends: under emulation a process costs more than a request. */
const batch = 4;

/** A running load. */
export class Load {
	readonly #requests: Request[] = [];
	readonly #startMs = performance.now();
	readonly #work: Promise<unknown>;
	#ended = false;

	/** Each of the clients sends one request after the other, each on a connection of its own. @param timeout of each, seconds */
	constructor(clients: readonly Client[], url: string, {timeout = 2} = {}) {
		this.#work = Promise.all(clients.map(async client => this.#send(client, url, timeout)));
		// The error is thrown by `end`.
		this.#work.catch(() => {});
	}

	/** Ends it and returns what became of it. Throws MachineError if a client could not send. */
	async end(): Promise<LoadResult> {
		this.#ended = true;
		await this.#work;
		return lossesOf(this.#requests, {startMs: this.#startMs, endMs: performance.now()});
	}

	async #send(client: Client, url: string, timeout: number): Promise<void> {
		while (!this.#ended) {
			const startMs = performance.now();
			const {all} = await client.get(url, {connections: batch, timeout});
			this.#requests.push(...requestsOf(all, startMs));
		}
	}
}

/** Returns the requests of one command, which sent one after the other from `startMs` on. Pure. */
export function requestsOf(answers: readonly Answer[], startMs: number): Request[] {
	let atMs = startMs;
	return answers.map(({seconds, status, error}) => {
		atMs += seconds * 1000;
		const ok = status === 200 && error === '';
		return {atMs, ok, error: ok ? '' : error || `HTTP ${status}`};
	});
}

/** Returns what became of requests between two moments. Pure. */
export function lossesOf(requests: readonly Request[], {startMs, endMs}: {startMs: number; endMs: number}): LoadResult {
	const lost = requests.filter(({ok}) => !ok);
	const answered = requests.filter(({ok}) => ok).map(({atMs}) => atMs);
	const moments = [startMs, ...answered.toSorted((a, b) => a - b), endMs];
	const gaps = moments.slice(1).map((at, index) => at - moments[index]!);
	const errors: Record<string, number> = {};
	for (const {error} of lost) {
		errors[error] = (errors[error] ?? 0) + 1;
	}

	return {requests: requests.length, lost: lost.length, longestGap: Math.max(0, ...gaps) / 1000, errors};
}
