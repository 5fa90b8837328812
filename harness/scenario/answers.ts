/** The answers that a client got, connection by connection, and which tasks answered. Pure. */
import {describePages} from './pages.ts';

/** What a task of the image `web` reports about itself at `/whoami` (and at `/` where no content is mounted). */
export interface WhoAmI {
	/** `web.1.<id>`, as the engine names the container. */
	task: string;
	taskId: string;
	node: string;
	hostname: string;
	/** The task's own address on this connection. */
	server: string;
	/** Address of the client, as the task saw it. */
	client: string;
	clientPort: number;
	/** Number of the connection since the task started. */
	connection: number;
	/** Number of the request on that connection. */
	request: number;
}

export interface Answer {
	/** Number of the request, from 1. */
	number: number;
	/** HTTP status; 0 when there was no answer. */
	status: number;
	body: string;
	who: WhoAmI | undefined;
	/** Port of the client; the same for requests on one connection. */
	localPort: number;
	/** Bytes of the body. */
	bytes: number;
	seconds: number;
	connectSeconds: number;
	/** curl's error; empty without one. */
	error: string;
}

export class Answers {
	readonly all: readonly Answer[];
	readonly url: string;

	constructor(url: string, all: readonly Answer[]) {
		this.url = url;
		this.all = all;
	}

	/** One line for each request that failed: its status is not 200, or curl reported an error. */
	get failures(): string[] {
		return this.all.filter(failed).map(({number, status, error}) => `#${number}: ${error || `HTTP ${status}`}`);
	}

	/** For each request in order, the id of the task that answered; an empty text if the answer names no task. */
	get order(): string[] {
		return this.all.map(({who}) => who?.taskId ?? '');
	}

	/** Returns the number of answers of each task, by task name. Answers that name no task are counted in `describe()` only. */
	perTask(): Record<string, number> {
		return counted(this.all.flatMap(({who}) => (who ? [shortName(who)] : [])));
	}

	/**
	 * Returns whether every run of n consecutive requests was answered by n different tasks, where n is the number of `tasks`.
	 * The kernel's `rr` scheduler is deterministic, so anything less is not round-robin. The counts of tasks then differ by
	 * one at most.
	 */
	isRoundRobinOver(tasks: ReadonlyArray<{id: string}>): boolean {
		const wanted = new Set(tasks.map(({id}) => id));
		const n = wanted.size;
		return (
			this.all.length >= n &&
			this.order.every(id => wanted.has(id)) &&
			this.order.every((_, at) => at + n > this.order.length || new Set(this.order.slice(at, at + n)).size === n)
		);
	}

	/**
	 * Whether every connection was refused (curl's exit code 7, with the system's own reason), or closed without an answer
	 * (52, 56). A connection that hangs does not count: a socket listens there, but no process accepts. An address without a
	 * host does not count either. Times are not used, because a host may be busy.
	 */
	get areRefused(): boolean {
		return this.all.every(({error}) => /^curl: \((?:52|56)\)|^curl: \(7\).*refused/i.test(error));
	}

	/** Returns whether one and the same task answered all requests, and whether it is one of `tasks`. */
	isOnlyFrom(tasks: ReadonlyArray<{id: string}>): boolean {
		const ids = new Set(this.order);
		return ids.size === 1 && tasks.some(({id}) => ids.has(id));
	}

	/**
	 * Returns one line with the number of answers of each task, the answers that name no task, the failed requests, the order
	 * of all answers, and the request numbers of the failures (their rhythm is evidence). In the order, a small letter is a
	 * task, a capital letter a page that names no task, `!` an HTTP error, and `-` no answer.
	 */
	describe(): string {
		const tasks = letters(
			this.order.filter(id => id !== ''),
			'a',
		);
		const nameless = this.all.filter(isNameless).map(({body}) => body);
		const pages = letters(nameless, 'A');
		const others = counted(this.all.flatMap(each => (each.who || isNameless(each) ? [] : [shortfall(each)])));
		const parts = [
			...Object.entries(this.perTask()).map(([name, count]) => `${name} ${count}`),
			...(nameless.length > 0 ? [describePages(nameless, pages)] : []),
			...Object.entries(others).map(([what, count]) => `${count} ${what}`),
		];
		const order = this.all.map(each =>
			each.who ? tasks.get(each.who.taskId) : isNameless(each) ? pages.get(each.body) : each.status > 0 ? '!' : '-',
		);
		const requests = `${this.all.length} request${this.all.length === 1 ? '' : 's'}`;
		return `${this.url}: ${requests}: ${parts.join(', ')}; order ${order.join('')}${this.#rhythm()}`;
	}

	#rhythm(): string {
		const numbers = this.all.filter(failed).map(({number}) => number);
		if (numbers.length === 0) {
			return '';
		}

		const steps = new Set(numbers.slice(1).map((number, at) => number - numbers[at]!));
		const [step = 1] = steps;
		const every = numbers.length > 2 && steps.size === 1 && step > 1 ? ` (exactly every ${step}.)` : '';
		const [first] = this.failures;
		return `; ${numbers.length} failed${every}: ${numbers.join(', ')}; first: ${first}`;
	}
}

/** Shortens `web.1.k3j2…` to `web.1`, as `docker service ps` shows it. A task of a global service has its node instead of 1. */
function shortName({task, node}: WhoAmI): string {
	const [service, slot = ''] = task.split('.');
	return `${service}.${/^\d+$/.test(slot) ? slot : node}`;
}

function failed({status, error}: Answer): boolean {
	return status !== 200 || error !== '';
}

/** Whether there was an answer, but the answer does not name its task. */
function isNameless(answer: Answer): boolean {
	return !answer.who && !failed(answer);
}

function shortfall({status, error}: Answer): string {
	return status === 0 ? 'without an answer' : `with HTTP ${status}${error ? ', cut off' : ''}`;
}

function counted(names: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const name of names) {
		counts[name] = (counts[name] ?? 0) + 1;
	}

	return counts;
}

/** Assigns a letter to each distinct value, in the order of first appearance; `?` when there are no more letters. */
function letters(values: readonly string[], first: 'a' | 'A'): Map<string, string> {
	const start = first.codePointAt(0)!;
	return new Map(
		[...new Set(values)].map((value, index) => [value, index < 26 ? String.fromCodePoint(start + index) : '?']),
	);
}
