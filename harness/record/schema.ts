/** The number of the record's schema, in its first line. Increase it when an older swarmlab would read a record wrongly. */
import {UsageError} from '../errors.ts';

/**
 * Schema 3: scenarios have what is expected of them, and the run has the failures that are known; an older swarmlab would
 * report those as failed. Schema 2: a cell has nodes, and the host's facts are a table. Schema 1: a cell had a kernel, an engine and a topology
 * (cells.ts reads it), and the host had the version of QEMU (older.ts). Records without a number have schema 1.
 */
export const recordSchema = 3;

/** Throws UsageError for a line of a record that a newer swarmlab wrote: this one would read it wrongly. */
export function refuseNewer(line: unknown, file: string): void {
	const {schema, host} = (line ?? {}) as {schema?: unknown; host?: {swarmlab?: unknown}};
	if (typeof schema === 'number' && schema > recordSchema) {
		const by = typeof host?.swarmlab === 'string' ? `swarmlab ${host.swarmlab}` : 'a newer swarmlab';
		throw new UsageError(
			`${file} was written by ${by}: its schema is ${schema}, and this swarmlab reads up to ${recordSchema}.`,
			{remedy: 'Make its reports with the swarmlab that wrote it, or with a newer one than this.'},
		);
	}
}
