/** A diagnosis: the named causes of what was seen, with the lines of the evidence that show them. */

/** Who can change it: the engine's makers, the kernel's, who runs the network, who runs the node, or swarmlab. */
type Blame = 'product' | 'kernel' | 'network' | 'host' | 'harness';

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
}
