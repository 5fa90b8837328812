/** Lines of records that an older swarmlab wrote, as this one writes them. Pure. */

/**
 * Returns the value of a line as the newest schema has it; what is damaged stays as it is.
 * Schema 1 had the version of QEMU as a field of the host; now facts of providers are a table.
 */
export function upgraded(value: unknown): unknown {
	const line = value as {event?: unknown; schema?: unknown; host?: {qemu?: unknown; facts?: unknown} | null} | null;
	const schema = typeof line?.schema === 'number' ? line.schema : 1;
	if (line?.event !== 'run-started' || schema > 1 || typeof line.host !== 'object' || !line.host || line.host.facts) {
		return value;
	}

	const {qemu, ...host} = line.host;
	return {...line, host: {...host, facts: {qemu}}};
}
