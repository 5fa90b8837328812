/** Lines of records that an older swarmlab wrote, as this one writes them. Pure. */

/**
 * Returns the value of a line as the newest schema has it; what is damaged stays as it is.
 * Schema 1 had the version of QEMU as a field of the host; now facts of providers are a table.
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
