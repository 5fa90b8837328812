/** Which run proves which pair, and which of them are on a busy host. Pure. */

export interface Pair {
	kernel: string;
	docker: string;
}

export interface PlannedRun extends Pair {
	/** From 1. */
	number: number;
	/** Others keep the CPUs busy meanwhile. */
	busy: boolean;
}

/**
 * Every pair once in each round, so that after any number of runs no pair is ahead of another by more than one. Rounds go
 * forth and back: what a pair froze is used again before it is the oldest of the cache. A third of each round is on a busy
 * host, and in three rounds each pair is so once.
 */
export function rotation(count: number, kernels: readonly string[], engines: readonly string[]): PlannedRun[] {
	// Neighbours differ in both.
	const pairs = engines.flatMap((_, shift) =>
		kernels.map((kernel, index) => ({kernel, docker: engines[(index + shift) % engines.length]!})),
	);
	return Array.from({length: count}, (_, index) => {
		const round = Math.floor(index / pairs.length);
		const step = index % pairs.length;
		const at = round % 2 === 0 ? step : pairs.length - 1 - step;
		return {number: index + 1, ...pairs[at]!, busy: (at + round) % 3 === 2};
	});
}
