/** Faults on the links of a LAN, as data: which frames a fault is about, and what happens to them. */

/** Protocols by name; a number is a protocol of IP (IANA, "Assigned Internet Protocol Numbers"). */
export type FaultProtocol = 'tcp' | 'udp' | 'icmp' | 'arp' | 'esp' | number;

/** Which frames a fault is about: those that have all that is named here. Without any part: every frame. */
export interface FaultMatch {
	/** The nodes that send. */
	from?: string[];
	/** The nodes that would get it. */
	to?: string[];
	/** Frames from `to` to `from` match as well. */
	bothWays?: boolean;
	/** The nodes that send or would get it. */
	at?: string[];
	/** A partition: for each node, the nodes that it does not hear. */
	unheard?: Record<string, string[]>;
	protocol?: FaultProtocol;
	/** Destination port of TCP or UDP. Later fragments of a datagram have no port, and match none. */
	port?: number;
	/** Source port of TCP or UDP. */
	sourcePort?: number;
	/** Frames that carry more bytes than this after their Ethernet header. An MTU of 1400 drops those larger than 1400. */
	largerThanBytes?: number;
}

/** What happens to these frames. `percent` is a share of them, 0 to 100; the same seed chooses the same ones. */
export type FaultAction =
	| {do: 'drop'}
	| {do: 'lose'; percent: number; seed?: number}
	/** Each frame is late by `ms`, plus or minus up to `jitterMs`. Frames may overtake each other when there is jitter. */
	| {do: 'delay'; ms: number; jitterMs?: number; seed?: number}
	/** A link of so many kbit/s (1 kbit is 1000 bits). Frames wait in a queue of `queueBytes`; what does not fit is dropped. */
	| {do: 'rate'; kbitPerSecond: number; queueBytes?: number}
	| {do: 'duplicate'; percent: number; seed?: number}
	/** A share of the frames is late by `ms`, so that later ones overtake them. */
	| {do: 'reorder'; percent: number; ms: number; seed?: number}
	/** One bit after the Ethernet header is inverted. */
	| {do: 'corrupt'; percent: number; seed?: number};

/**
 * Where a provider can have faults: `link` is the LAN between the nodes; `node` is the node, by commands; `machine` is what only
 * a machine of its own has: kernel, clock, memory and disk; `power` is its power, from outside.
 */
export type FaultPlace = 'link' | 'node' | 'machine' | 'power';

export interface Fault {
	match: FaultMatch;
	action: FaultAction;
}

/** What a fault did so far. */
export interface FaultCounters {
	/** Frames that the fault is about. */
	matched: number;
	/** Frames of these that did not arrive. */
	dropped: number;
	/** Frames of these that arrived late, twice or with another content. */
	changed: number;
}

/** A fault that is on. */
export interface FaultStatus extends FaultCounters {
	/** Unique among the faults of a LAN, as long as its switch runs. */
	id: number;
	fault: Fault;
	/** One sentence. */
	what: string;
	/** Who put it in: a scenario's title, or `by hand`. */
	by: string;
	/** ISO 8601, UTC. */
	since: string;
}

/** A fault in a node that is on: a file of its cell. */
export interface NodeFaultStatus {
	/** Unique among the faults of a cell: `n1`. */
	id: string;
	node: string;
	/** Its name: see harness/faults/table.ts. */
	fault: string;
	options: Record<string, unknown>;
	/** One sentence. */
	what: string;
	/** What showed that it was on, as the node printed it. */
	shown: string;
	/** Who put it in: a scenario's title, or `by hand`. */
	by: string;
	/** ISO 8601, UTC. */
	since: string;
}

/** A fault that was on while a scenario ran: part of its result. Faults on links have counters. */
export interface FaultRecord extends Partial<FaultCounters> {
	what: string;
	/** Who put it in, where it was not the scenario: `by hand`. */
	by?: string;
	/** Of a fault in a node: what showed that it was on. */
	shown?: string;
	/** ISO 8601, UTC. */
	at: string;
	/** ISO 8601, UTC. Empty if it was still on when the scenario ended. */
	healedAt: string;
}
