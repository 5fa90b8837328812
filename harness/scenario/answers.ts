/** What a client got, connection by connection, and what that says about who answered. Pure. */
import {describePages} from './pages.ts';

/** What `web` says of itself at `/whoami` (and at `/` where no content is mounted). */
export interface WhoAmI {
	/** `web.1.<id>`, as the engine names the container. */
	task: string;
	taskId: string;
	node: string;
	hostname: string;
	/** Its address at which it was asked. */
	server: string;
	/** Whom it saw. */
	client: string;
	clientPort: number;
	/** Number of the connection since it started. */
	connection: number;
	/** Number of the request on that connection. */
	request: number;
}

export interface Answer {
	/** From 1. */
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
	/** Empty when all went well. */
	error: string;
}

export class Answers {
	readonly all: readonly Answer[];
	readonly url: string;

	constructor(url: string, all: readonly Answer[]) {
		this.url = url;
		this.all = all;
	}

	/** One line for each request that got no 200. */
	get failures(): string[] {
		return this.all.filter(failed).map(({number, status, error}) => `#${number}: ${error || `HTTP ${status}`}`);
	}

	/** Ids of the tasks that answered, in order; empty where nobody did. */
	get order(): string[] {
		return this.all.map(({who}) => who?.taskId ?? '');
	}

	/** How many answers each task gave, by task name. What names no task is in `describe`. */
	perTask(): Record<string, number> {
		return counted(this.all.flatMap(({who}) => (who ? [shortName(who)] : [])));
	}

	/**
	 * Whether every run of n consecutive requests was answered by n different tasks, n being the number of tasks given:
	 * the kernel's `rr` scheduler is deterministic, so nothing less is round-robin, and counts differ by one at most.
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
	 * Whether every connection was refused (curl's 7, with the system's own reason), or closed without an answer (52, 56).
	 * A connection that hangs is something else: a socket listens there, and nothing accepts. So is an address without a host.
	 * Times say nothing here: a host may be busy.
	 */
	get areRefused(): boolean {
		return this.all.every(({error}) => /^curl: \((?:52|56)\)|^curl: \(7\).*refused/i.test(error));
	}

	/** Whether one task, out of those given, answered all. */
	isOnlyFrom(tasks: ReadonlyArray<{id: string}>): boolean {
		const ids = new Set(this.order);
		return ids.size === 1 && tasks.some(({id}) => ids.has(id));
	}

	/**
	 * One line that says how it went: who answered, what answered without saying so, what did not answer, in which order,
	 * and the rhythm of failures, which is evidence in itself. In the order a task is a small letter, a page that names no
	 * task a capital one, an HTTP error `!`, and no answer `-`.
	 */
	describe(): string {
		const tasks = letters(
			this.order.filter(id => id !== ''),
			'a',
		);
		const nameless = this.all.filter(isNameless).map(({body}) => body);
		const pages = letters(nameless, 'A');
		const others = counted(this.all.flatMap(each => (each.who || isNameless(each) ? [] : [shortfall(each)])));
		const told = [
			...Object.entries(this.perTask()).map(([name, count]) => `${name} ${count}`),
			...(nameless.length > 0 ? [describePages(nameless, pages)] : []),
			...Object.entries(others).map(([what, count]) => `${count} ${what}`),
		];
		const order = this.all.map(each =>
			each.who ? tasks.get(each.who.taskId) : isNameless(each) ? pages.get(each.body) : each.status > 0 ? '!' : '-',
		);
		const requests = `${this.all.length} request${this.all.length === 1 ? '' : 's'}`;
		return `${this.url}: ${requests}: ${told.join(', ')}; order ${order.join('')}${this.#rhythm()}`;
	}

	#rhythm(): string {
		const numbers = this.all.filter(failed).map(({number}) => number);
		if (numbers.length === 0) {
			return '';
		}

		const steps = new Set(numbers.slice(1).map((number, at) => number - numbers[at]!));
		const every = numbers.length > 2 && steps.size === 1 ? ` (exactly every ${[...steps][0]}.)` : '';
		const [first] = this.failures;
		return `; ${numbers.length} failed${every}: ${numbers.join(', ')}; first: ${first}`;
	}
}

/** `web.1.k3j2…` is `web.1`, as `docker service ps` shows it; a global service's tasks are told by their node. */
function shortName({task, node}: WhoAmI): string {
	const [service, slot = ''] = task.split('.');
	return `${service}.${/^\d+$/.test(slot) ? slot : node}`;
}

function failed({status, error}: Answer): boolean {
	return status !== 200 || error !== '';
}

/** It was answered, but not by a task that says which one it is. */
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

/** A letter for each distinct value, in the order in which they came; `?` when there are no more letters. */
function letters(values: readonly string[], first: 'a' | 'A'): Map<string, string> {
	const start = first.codePointAt(0)!;
	return new Map(
		[...new Set(values)].map((value, index) => [value, index < 26 ? String.fromCodePoint(start + index) : '?']),
	);
}
