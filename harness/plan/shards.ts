/** Divides the cells of a plan among machines, so that all of them take about as long. Pure. */
import {UsageError} from '../errors.ts';

export interface Shard {
	/** From 1. */
	number: number;
	of: number;
}

/** Reads `2/5`. Throws UsageError. */
export function parseShard(text: string): Shard {
	const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
	const shard = {number: Number(number), of: Number(of)};
	if (number === undefined || shard.number < 1 || shard.number > shard.of) {
		throw new UsageError(`--shard: '${text}' is not valid. Valid: 1/5 to 5/5 for five machines.`, {
			remedy: 'swarmlab run --help',
		});
	}

	return shard;
}

/** Returns a shard as it is typed. */
export function shardText({number, of}: Shard): string {
	return `${number}/${of}`;
}

/**
 * Returns the cells of each shard, in the order of the plan. The longest cells are dealt first, each to the shard that has the
 * least to do. A cell of unknown duration counts as the average of the others. It depends on its arguments alone, so that
 * every machine comes to the same.
 * @param seconds by id of cell @throws UsageError for more shards than cells
 */
export function shardsOf<Cell extends {id: string}>(
	cells: readonly Cell[],
	seconds: Readonly<Record<string, number>>,
	of: number,
): Cell[][] {
	if (of > cells.length) {
		throw new UsageError(
			`--shard: ${of} machines are too many for ${cells.length === 1 ? 'one cell' : `${cells.length} cells`}: a cell is never divided.`,
			{remedy: `Use as many machines as there are cells, or fewer: --shard 1/${cells.length}`},
		);
	}

	const known = cells.flatMap(({id}) => seconds[id] ?? []);
	const average = known.length > 0 ? known.reduce((sum, each) => sum + each, 0) / known.length : 1;
	const secondsOf = ({id}: Cell) => seconds[id] ?? average;
	const shards = Array.from({length: of}, () => ({load: 0, cells: new Set<Cell>()}));
	for (const cell of cells.toSorted((a, b) => secondsOf(b) - secondsOf(a))) {
		// Where nothing takes time, each shard has as many cells.
		const least = shards.reduce((best, each) =>
			each.load < best.load || (each.load === best.load && each.cells.size < best.cells.size) ? each : best,
		);
		least.load += secondsOf(cell);
		least.cells.add(cell);
	}

	return shards.map(({cells: its}) => cells.filter(cell => its.has(cell)));
}
