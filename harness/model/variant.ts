/** What differs on a node from a usual one, besides its kernel and its engine. */

/** How a node is configured before its engine starts. Data only: plain JSON. */
export interface Variant {
	/** Unique in a run; ids of cells show it. `none` is the node as it is without a variant. */
	id: string;
	/** Keys of `/etc/docker/daemon.json`. They replace those of the lab, key by key. */
	daemon?: Record<string, unknown>;
	/** Settings of the kernel by their names, written before the engine starts. */
	sysctl?: Record<string, string | number>;
	/** Modules of the kernel that the node must not have. */
	modules?: {
		/** Their names. */
		withhold: string[];
	};
	/** Words at the end of the kernel's command line. */
	kernelArgs?: string[];
	/** The iptables command of the node, which its engine uses. Absent: that of its distribution. */
	iptables?: 'legacy' | 'nft';
	/** Text files by their absolute paths. They are written before the engine starts. */
	files?: Record<string, string>;
	/** Shell commands that run as root on each node that has the variant, one after the other. */
	before?: {
		/** Before its engine starts for the first time. */
		engine?: string[];
		/** Before the first manager forms the swarm and the others join. */
		init?: string[];
	};
	/** What the cell is if an engine refuses the variant. Absent: `skipped`. */
	ifRefused?: 'skipped' | 'failed';
}

/** The id that means: without a variant. */
export const noVariant = 'none';

/** Returns the variant of a node by its id, `none` for a node without. */
export function variantOf({variant}: {variant?: Pick<Variant, 'id'> | undefined}): string {
	return variant?.id ?? noVariant;
}
