/** Whether every node has what the managers report: looked at once, until it is so, or while a scenario runs. */
import {setTimeout as sleep} from 'node:timers/promises';
import {agreementOf, isSame} from '../diagnosis/agree.ts';
import type {Difference} from '../diagnosis/agreement.ts';
import {NotProvenError} from '../errors.ts';
import {readForAgreement} from '../evidence/agreement-probes.ts';
import {limits} from '../limits.ts';
import {type Machine, starvedSeconds, waitUntil} from '../machine/index.ts';
import type {Disagreement, Evidence} from '../model/index.ts';
import {lackingFor} from '../swarm/index.ts';
import {nameQuestions} from './name-questions.ts';

const what = 'every node has what the managers report';

/** Readings of the nodes, one after the other, and the differences that last. */
class AgreementReader {
	readonly #machines: readonly Machine[];
	#before: Evidence | undefined;
	/** Nodes whose kernel can have no balancer; asked for only if something differs. */
	#noBalancer: Promise<ReadonlySet<string>> | undefined;
	/** What differs in all readings since then. */
	#lasting: {difference: Difference; since: number}[] = [];

	constructor(machines: readonly Machine[]) {
		this.#machines = machines;
	}

	/**
	 * Reads all nodes, and returns what differs now and differed in the reading before, with the seconds for which it has. In the
	 * first reading, that is all that differs.
	 */
	async read(): Promise<{difference: Difference; seconds: number}[]> {
		const reading = await readForAgreement(this.#machines, nameQuestions);
		const before = this.#before ?? reading;
		this.#before = reading;
		const now = performance.now() / 1000 - starvedSeconds();
		const found = agreementOf(before, reading);
		const differing = found.length > 0 ? agreementOf(before, reading, await this.#withoutBalancer()) : found;
		this.#lasting = differing.map(difference => ({
			difference,
			since: this.#lasting.find(each => isSame(each.difference, difference))?.since ?? now,
		}));
		return this.#lasting.map(({difference, since}) => ({difference, seconds: now - since}));
	}

	async #withoutBalancer(): Promise<ReadonlySet<string>> {
		this.#noBalancer ??= Promise.all(
			this.#machines.map(async machine => {
				const lacking = await lackingFor(machine, ['ip_vs']).catch(() => ({modules: []}));
				return lacking.modules.length > 0 ? [machine.name] : [];
			}),
		).then(names => new Set(names.flat()));
		return this.#noBalancer;
	}
}

/**
 * Returns what differs for longer than `limits.agreement`. It takes one reading if nothing differs. Never throws: it returns
 * nothing about nodes that cannot be read.
 */
export async function lookForDisagreements(machines: readonly Machine[]): Promise<Disagreement[]> {
	const reader = new AgreementReader(machines);
	const until = performance.now() + limits.agreementPatience * 1000;
	try {
		for (;;) {
			const found = await reader.read();
			const lasting = found.filter(({seconds}) => seconds >= limits.agreement);
			if (found.length === lasting.length || performance.now() > until) {
				return lasting.map(({difference}) => plain(difference));
			}

			await sleep(limits.agreementPoll * 1000);
		}
	} catch {
		return [];
	}
}

/** Waits until every node has what the managers report. Returns seconds. Throws NotProvenError with what differs. */
export async function untilAgreed(machines: readonly Machine[], limit: number = limits.convergence): Promise<number> {
	const reader = new AgreementReader(machines);
	const {seconds} = await waitUntil(
		what,
		async () => {
			const found = await reader.read();
			return found.length === 0 ? {done: true, value: undefined} : {done: false, seen: sayAll(found)};
		},
		{limit, poll: limits.agreementPoll},
	);
	return seconds;
}

/** A watch of the agreement while a scenario runs. */
export class AgreementWatch {
	readonly #reader: AgreementReader;
	readonly #lasting: number;
	readonly #found: Difference[] = [];
	readonly #stop = new AbortController();
	readonly #started = performance.now();
	readonly #ended: Promise<void>;

	/** @param lasting seconds that a difference may last; `limits.agreement` by default */
	constructor(machines: readonly Machine[], lasting: number = limits.agreement) {
		this.#reader = new AgreementReader(machines);
		this.#lasting = lasting;
		this.#ended = this.#watch();
	}

	/** Ends it. Throws NotProvenError if something differed for too long. A second call does nothing. */
	async end(): Promise<void> {
		if (this.#stop.signal.aborted) {
			return;
		}

		this.#stop.abort();
		await this.#ended;
		if (this.#found.length > 0) {
			const seconds = (performance.now() - this.#started) / 1000;
			throw new NotProvenError(
				what,
				seconds,
				`for ${this.#lasting} s: ${sayAll(this.#found.map(difference => ({difference})))}`,
			);
		}
	}

	/** Ends it without a word. */
	abandon(): void {
		this.#stop.abort();
	}

	async #watch(): Promise<void> {
		const {signal} = this.#stop;
		while (!signal.aborted) {
			for (const {difference, seconds} of await this.#reader.read()) {
				if (seconds >= this.#lasting && !this.#found.some(each => isSame(each, difference))) {
					this.#found.push(difference);
				}
			}

			await sleep(limits.agreementPoll * 1000, undefined, {signal}).catch(() => {});
		}
	}
}

function sayAll(found: readonly {difference: Difference}[]): string {
	return found.map(({difference}) => difference.says).join('; ');
}

function plain({node, says, lines}: Difference): Disagreement {
	return {node, says, lines};
}
