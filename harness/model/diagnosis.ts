/** A diagnosis: the named causes of what was seen, with the lines of the evidence that show them. */

/** Who can change it: the engine's makers, the kernel's, who runs the network, who runs the node, or swarmlab. */
type Blame = 'product' | 'kernel' | 'network' | 'host' | 'service' | 'harness';

/** A line of the evidence. `file` is relative to the folder of the evidence. */
export interface EvidenceLine {
	node: string;
	file: string;
	text: string;
}

/** A cause that the evidence shows. */
export interface Cause {
	/** Id of the signature. */
	id: string;
	blame: Blame;
	/** `certain`: the lines leave no other reading. `likely`: they fit, and nothing speaks against it. `possible`: a hint. */
	confidence: 'certain' | 'likely' | 'possible';
	/** One or two sentences. */
	cause: string;
	remedy: string;
	/** Public reports: `moby#33416`. */
	issue?: string;
	/** Engines or kernels that are known for it. */
	versions?: string;
	nodes: string[];
	lines: EvidenceLine[];
}

/** A difference between what the engines report and what the kernels have. */
export interface Disagreement {
	node: string;
	says: string;
	lines: EvidenceLine[];
}

/** A place that a packet passes on its way from a client to a task. */
export interface PathHop {
	at: 'client' | 'balancer' | 'sender' | 'wire' | 'receiver' | 'task';
	/** The node on which it is; empty for what is between the nodes. */
	node: string;
	/** `passes` and `stops` are shown by the evidence; `unknown`: it has nothing about this place. */
	state: 'passes' | 'stops' | 'unknown';
	/** Counters and rows, short; what is missing, if it is unknown. */
	says: string[];
}

/** The way of a packet from a node to a task on another one. */
export interface PacketPath {
	from: string;
	to: string;
	network: string;
	/** Address of the task, or of another endpoint of that node. */
	address: string;
	/** Where it stops, or that the evidence does not show it: one sentence. */
	sentence: string;
	/** In the order in which the packet passes them. */
	hops: PathHop[];
}

/** Something that happened on a node around the failure. */
export interface TimelineEntry {
	/** ISO 8601, UTC, by this host's clock. */
	at: string;
	/** Empty for what happened to the cell as a whole. */
	node: string;
	source: 'engine' | 'kernel' | 'switch' | 'scenario';
	text: string;
}

export interface Diagnosis {
	schema: 1;
	/** The first cause, or that none is known: one sentence. */
	sentence: string;
	/** Best first; empty if no cause is known. */
	causes: Cause[];
	/** Whether what the managers report is what every node has. */
	disagreements: Disagreement[];
	/** Causes that the evidence excludes, one sentence each. */
	ruledOut: string[];
	/** What to look at next, if no cause is certain. */
	next: string[];
	/** What the evidence shows besides, though it is no cause of this failure: one sentence each. Absent: nothing. */
	aside?: string[];
	/** The ways of packets that do not arrive, or one way if all arrive. Absent: the evidence has no two nodes. */
	paths?: PacketPath[];
	/** What happened around the failure, oldest first. Absent: it was not kept. */
	timeline?: TimelineEntry[];
}
