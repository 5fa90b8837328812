/** The shape of a cause that the diagnosis bench puts in. */

/** A command that is typed on a node, and what undoes it. */
export interface Typed {
	node: string;
	put: string;
	undo: string;
}

export interface InjectedCause {
	id: string;
	/** What is put in, in words. */
	what: string;
	/** What is typed after `swarmlab fault add`, in this order. Empty: nothing is put in, and nothing may be named. */
	faults: readonly string[];
	/** What is typed on nodes besides, behind the tool's back. */
	typed?: readonly Typed[];
	/** The only provider whose nodes can have it. */
	only?: string;
	/**
	 * What must be named: one list for each cause that is put in, with the ids of signatures of which one is right. The first
	 * cause that is named must be of these.
	 */
	names: ReadonlyArray<readonly string[]>;
	/** Nodes that the causes must name, no more and no less. Absent: any. */
	nodes?: readonly string[];
	/** Ids that are right as well, behind the first one. Every other id is a false one. */
	also?: readonly string[];
	/** The overlay is encrypted. */
	encrypted?: true;
	/** Seconds from the fault to the evidence, besides the traffic: what notices it needs so long. */
	wait?: number;
	/** The faults are put in before there is any service: what is in use cannot be taken away. It needs a cell of its own. */
	early?: true;
	/** The host's CPUs are busy meanwhile. */
	busy?: true;
	/** The cell cannot be used afterwards: it keeps marks of the fault, such as lines of a log. */
	spoils?: true;
}
