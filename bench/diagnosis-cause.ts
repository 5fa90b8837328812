/** The shape of a cause that the diagnosis bench puts in, and what may be typed of its faults. */

export interface InjectedCause {
	id: string;
	/** What is put in, in words. */
	what: string;
	/** What is typed after `swarmlab fault add`, in this order. Empty: nothing is put in, and nothing may be named. */
	faults: readonly string[];
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

/** Options of `swarmlab fault add`, for parseArgs. */
export const faultOptions = {
	from: {type: 'string'},
	to: {type: 'string'},
	node: {type: 'string'},
	shape: {type: 'string'},
	udp: {type: 'string'},
	tcp: {type: 'string'},
	protocol: {type: 'string'},
	'larger-than': {type: 'string'},
	percent: {type: 'string'},
	ms: {type: 'string'},
	jitter: {type: 'string'},
	kbit: {type: 'string'},
	'both-ways': {type: 'boolean'},
	with: {type: 'string', multiple: true},
} as const;
