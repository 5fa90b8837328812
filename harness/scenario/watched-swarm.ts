/** The part of a scenario's swarm that claims that its nodes agree. */
import type {Machine} from '../machine/index.ts';
import {AgreementWatch, untilAgreed} from './agreement.ts';

/** Machines of a swarm, and the watches of their agreement. */
export class WatchedSwarm {
	readonly machines: readonly Machine[];
	readonly #watches: AgreementWatch[] = [];

	constructor(machines: readonly Machine[]) {
		this.machines = machines;
	}

	/**
	 * Waits until every node has what the managers report: tasks, balancers, forwarding rows, names, peers, keys. Returns seconds.
	 * Throws NotProvenError with what differs.
	 */
	async agrees({limit}: {limit?: number} = {}): Promise<number> {
		return untilAgreed(this.machines, limit);
	}

	/**
	 * Reads all nodes again and again until `end()` of the returned watch, or the end of the scenario. Either throws NotProvenError
	 * if something differed from what the managers reported for longer than `lasting` seconds (`limits.agreement` by default).
	 */
	watchAgreement({lasting}: {lasting?: number} = {}): AgreementWatch {
		const watch = new AgreementWatch(this.machines, lasting);
		this.#watches.push(watch);
		return watch;
	}

	/** Ends all watches. Throws as `watchAgreement` says. */
	async endWatches(): Promise<void> {
		for (const watch of this.#watches) {
			await watch.end();
		}
	}

	/** Ends all watches, whatever they saw: the scenario has failed already. */
	abandonWatches(): void {
		for (const watch of this.#watches) {
			watch.abandon();
		}
	}
}
