/** Evidence: what was read from the machines when a scenario did not pass, and its index. */
import type {Role} from './cell.ts';

/** One probe of one node, or of one network namespace of it: a row of `index.json`. */
export interface EvidenceEntry {
	node: string;
	probe: string;
	/** File name of the network namespace in /var/run/docker/netns; absent for the node's own. */
	namespace?: string;
	/** Relative to the folder of the evidence. A file has a part for each namespace, below a line `=== NAMESPACE`. */
	file: string;
	/** Bytes of the output after secrets were masked. */
	bytes: number;
	/** Seconds since the node's kernel started, when it was read. Absent: unknown. */
	uptime?: number;
	/** Why the output is missing or incomplete, one sentence. */
	trouble?: string;
}

/** How a node answered. */
export interface EvidenceNode {
	name: string;
	role: Role;
	/** Address on the LAN. */
	address: string;
	/** Why the node could not be read, or not to the end. */
	trouble?: string;
	/** Seconds since 1970 by this host's clock: the script was sent, and all its output was there. */
	sentAt: number;
	answeredAt: number;
	/** Seconds since 1970 by the node's clock when the script began. */
	startedAt?: number;
	/** Seconds since the node's boot, then: times of the kernel's log are relative to it. */
	uptime?: number;
}

/** The file `index.json` of a folder of evidence. */
export interface EvidenceIndex {
	schema: 1;
	/** ISO 8601, UTC. */
	takenAt: string;
	/** When what the evidence is about began, seconds since 1970 by this host's clock; absent if nobody knows. */
	since?: number;
	/** From the start until all nodes had answered. */
	seconds: number;
	reason: string;
	/** What the claim asks of the kernel; absent if evidence was taken for no claim. */
	asks?: readonly string[];
	nodes: EvidenceNode[];
	entries: EvidenceEntry[];
}

/** The output of one entry. */
export interface EvidenceSection extends EvidenceEntry {
	text: string;
}

/** A folder of evidence in memory: all that a diagnosis may know. */
export interface Evidence {
	index: EvidenceIndex;
	sections: EvidenceSection[];
}
