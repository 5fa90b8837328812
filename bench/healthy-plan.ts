/** Plans which run uses which pair, and which runs are on a busy host. Pure. */

export interface Pair {
	kernel: string;
	docker: string;
}

export interface PlannedRun extends Pair {
	/** From 1. */
	number: number;
	/** Other processes keep the CPUs busy during the run. */
	busy: boolean;
}

/**
 * Plans every pair once in each round, so that after any number of runs no pair is ahead of another by more than one. Every
 * second round goes backwards, so the snapshots of a pair are used again before they are the oldest of the cache. A third of
 * each round is on a busy host: within three rounds, each pair is on it once.
 */
export function rotation(count: number, kernels: readonly string[], engines: readonly string[]): PlannedRun[] {
	// Neighbours differ in kernel and engine.
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
