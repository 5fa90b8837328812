/** Converts lines of records that an older swarmlab wrote to the form of this one. Pure. */

/**
 * Returns the value of a line in the form of the newest schema. A damaged line is returned as it is.
 * In schema 1 the version of QEMU was a field of the host; now the facts of providers are a table.
 */
export function upgraded(value: unknown): unknown {
	const line = value as {event?: unknown; schema?: unknown; host?: unknown} | null;
	if (line?.event !== 'run-started' || typeof line.host !== 'object' || line.host === null) {
		return value;
	}

	const {qemu, ...host} = line.host as Record<string, unknown>;
	const isOlder = qemu !== undefined || typeof line.schema !== 'number' || line.schema < 2;
	return isOlder && host.facts === undefined ? {...line, host: {...host, facts: {qemu}}} : value;
}
