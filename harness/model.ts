/**
 * Every noun of swarmlab as plain JSON data. This file imports nothing.
 * What crosses a process, reaches the record or reaches a report is one of these.
 */

/** `failed` is the product's fault, `broken` is ours: we could not tell. */
export type Verdict = 'passed' | 'failed' | 'broken' | 'skipped';

export type ProviderName = 'qemu' | 'vagrant';

/** A Debian package in an exact version, and the suite that offers it. */
export interface PackageRef {
	name: string;
	version: string;
	suite: string;
}

/** Where a kernel comes from. */
export type KernelSource =
	| {type: 'package'; package: PackageRef}
	| {type: 'deb'; location: string; sha256: string}
	| {type: 'directory'; path: string};

/** A kernel under test. */
export interface Kernel {
	/** Short label of cell ids: `6.1.180`, or `6.1.180-generic` where the flavour is not the default one. */
	label: string;
	/** What `uname -r` must print: `6.1.0-52-cloud-amd64`. */
	release: string;
	source: KernelSource;
}

/** Where an engine comes from. `suite` is the root filesystem that it is installed in. */
export type EngineSource =
	| {type: 'package'; package: PackageRef; suite: string; repository?: string}
	| {type: 'tarball'; location: string; sha256: string; suite: string};

/** A Docker Engine under test. */
export interface Engine {
	/** Short label of cell ids: `20.10.24`. */
	label: string;
	/** What `docker version` must print for the server, without the distribution's suffix: `20.10.24`. */
	version: string;
	source: EngineSource;
}

/**
 * Which tree answers as DevStack: one of ours that proves the harness, a cloud made of a distribution's packages, or
 * DevStack itself. All three keep the same contract.
 */
export type StackKind = 'rehearsal' | 'packaged' | 'devstack';

/** A DevStack under test. */
export interface Stack {
	kind: StackKind;
	/** Short label of cell ids: `rehearsal`, `devstack-mitaka`. */
	label: string;
	/** What a reader of results must know of it: a rehearsal's PASS says nothing of OpenStack. */
	what: string;
	/** The release of DevStack whose contract its tree keeps: `mitaka`. */
	revision: string;
	/** What is checked out, where that is not the release's own tag. */
	commit?: string;
	/** Exercises that the tree has, in the order in which it runs them. */
	exercises: string[];
	/** Lines of its local.conf beyond the generated ones. */
	localrc: Record<string, string>;
	/** Apply what is known to help, once, when stack.sh fails in a way that is known. */
	retryWithRemedy: boolean;
}

/** How many machines, and how large each is. */
export interface Topology {
	managers: number;
	workers: number;
	/** Memory of each machine, MiB. */
	memory: number;
	/** Virtual CPUs of each machine. */
	cpus: number;
}

/** One box of the matrix. */
export interface Cell {
	/** Readable, unique in a run, and the filter: `qemu-k6.1.180-d20.10.24-1m2w`. */
	id: string;
	provider: ProviderName;
	kernel: Kernel;
	/** Under test, unless a stack is: then at most its root filesystem serves. */
	engine: Engine;
	/** Under test, on one machine, instead of a swarm. */
	stack?: Stack;
	topology: Topology;
	/** Machines without what only makes them quick: each of them booted. See docs/nodes.md. */
	plain?: true;
}

export type Role = 'manager' | 'worker';

/** How any process of this host reaches a machine that is up. */
export interface MachineHandle {
	/** Host name in the swarm: `m1`, `w1`, `w2`. */
	name: string;
	role: Role;
	/** Address on the LAN between the machines; the swarm advertises it. */
	address: string;
	/** ssh reaches the machine over the control channel, which no fault can cut. */
	ssh: {host: string; port: number; user: string; identityFile: string; controlPath: string};
	/** Unix socket on this host that leads to the machine's Docker API. */
	dockerSocket: string;
	/** Port of 127.0.0.1 that leads to the machine's Docker API without ssh, where the provider has one. */
	dockerPort?: number;
	/** Unix socket on this host that tells what passed the switch of the LAN, where that is ours. */
	lanCounters?: string;
	/** File on this host that the serial console streams to, from the first line on. */
	console: string;
	/** Process of the virtual machine on this host, where there is one. */
	pid?: number;
}

/** A formed swarm, as the scenario process finds it. */
export interface SwarmHandle {
	/** ids of `docker node ls` by machine name. */
	nodeIds: Record<string, string>;
	managerToken: string;
	workerToken: string;
}

/** A stack that stack.sh completed, as the scenario process finds it. */
export interface StackHandle {
	/** Where Keystone answers, as stack.sh said; not there when it did not say. */
	keystone?: string;
	/** Seconds that stack.sh took, whenever that was. */
	seconds: number;
}

/** The file `cell.json`: what the harness hands to the scenario process (and to `swarmlab ssh`, `exec`, `down`). */
export interface CellFile {
	run: string;
	cell: Cell;
	machines: MachineHandle[];
	/** Of a stack's cell: of no swarm. */
	swarm: SwarmHandle;
	/** Of a stack's cell. */
	stack?: StackHandle;
	/** Folder of this cell inside the run folder: absolute. */
	folder: string;
	/** File that the scenario process appends one Result per line to. */
	results: string;
	/** Only scenarios whose title contains one of these (case-insensitive) are proven; empty: all. */
	filter: string[];
	/** Only these are proven; without: all. */
	only?: Wanted[];
	/** File that describes what stands arranged on these machines. It may not be there yet. */
	standing: string;
	/** Which repetition of the scenarios this is, from 1. */
	repetition: number;
	/** What the machines came from. */
	origin: Origin;
}

/** A claim by its file (as in Result) and its very title, or all of a file's claims but some. */
export type Wanted = {file: string; title: string} | {file: string; but: string[]};

/** Why a result is not `passed`. */
export interface Reason {
	/** One line, never empty. */
	message: string;
	/** Name of the error's class. */
	type: string;
	/** The whole text: stack, diff, last thing seen. */
	details: string;
	/** What to do about it, where we know. */
	remedy?: string;
}

/** One scenario proven (or not) on one cell: a line of results.jsonl. */
export interface Result {
	cell: string;
	/** The claim. */
	title: string;
	/** From the project, `scenarios/vip.ts`; absolute where it is outside of it. */
	file: string;
	line?: number;
	repetition: number;
	verdict: Verdict;
	reason?: Reason;
	/** ISO 8601, UTC. */
	startedAt: string;
	/** Time of the proof, without the arranging that it shares with others. */
	seconds: number;
	/** What its machines came from; not there when none came up. */
	origin?: Origin;
	/** What was measured on the way: seconds unless the name says otherwise. */
	metrics: Record<string, number>;
	/** Files gathered when it did not pass: relative to the run folder. */
	evidence: string[];
	/** What the scenario logged (`t.log`). */
	log: string[];
}

/** What this host is and what it was decided to do with it. */
export interface HostFacts {
	hostname: string;
	os: string;
	kernel: string;
	cpus: number;
	/** MiB. */
	memory: number;
	qemu: string;
	accelerator: 'kvm' | 'tcg';
	/** Why this accelerator: the result of the boot that was tried. */
	acceleratorReason: string;
	swarmlab: string;
}

/** What is kept in the cache: the last three are machines that stand still. */
export type ArtifactKind = 'kernel' | 'engine' | 'cloud' | 'images' | 'box' | 'template' | 'cluster' | 'stage';

/** What the machines of a cell came from: all give the same verdicts, in seconds or in a quarter of a minute. */
export type Origin = 'cold boot' | 'clones of a template' | 'frozen cluster' | 'frozen stage';

/** The stages of one cell, in order. */
export type CellStage =
	| 'waiting'
	| 'artifacts'
	| 'boot'
	| 'preflight'
	| 'swarm'
	| 'stack'
	| 'scenarios'
	| 'teardown'
	| 'done';

/** How a cell came out as a whole, before any scenario. */
export type CellOutcome =
	| {state: 'tested'}
	/** It cannot be tested: the reason is the product's or the matrix's, not ours. */
	| {state: 'skipped'; reason: Reason}
	/** It did not come up. */
	| {state: 'broken'; reason: Reason};

/** A line of run.jsonl. `at` is ISO 8601 UTC. The record is the truth; every report is a function of it. */
export type Event = {at: string} & (
	| {
			event: 'run-started';
			/** Of the record: see record/schema.ts. Without: 1. */
			schema?: number;
			run: string;
			command: string[];
			host: HostFacts;
			cells: Cell[];
			scenarios: PlannedScenario[];
			/** What the order of the scenarios is made of; not there where it is the announced one. */
			seed?: number;
	  }
	| {event: 'notice'; level: 'info' | 'warning'; cell?: string; message: string}
	/** Proven with the first kernel of the run; until then run-started knows at most what an earlier run proved. */
	| {event: 'accelerator'; accelerator: HostFacts['accelerator']; reason: string}
	| {
			event: 'artifact';
			kind: ArtifactKind;
			label: string;
			state: 'building' | 'built' | 'cached' | 'damaged' | 'failed';
			key?: string;
			seconds?: number;
			detail?: string;
	  }
	| {event: 'cell-stage'; cell: string; stage: CellStage}
	| {event: 'machine'; cell: string; machine: string; doing: string}
	/** Something of ours was tried again: counted, shown, never hidden. */
	| {event: 'infrastructure-retry'; cell: string; machine?: string; reason: Reason; consoleTail?: string[]}
	/** The machines are up and the swarm is formed. */
	| {event: 'cell-formed'; cell: string; origin: Origin; seconds: number}
	| {event: 'cell-measured'; cell: string; metrics: Record<string, number>}
	/** Those that share a swarm, in the order that the seed gave them. */
	| {event: 'order'; cell: string; repetition: number; scenarios: {file: string; title: string}[]}
	| {event: 'scenario-started'; cell: string; title: string; file: string; repetition: number}
	| {event: 'result'; result: Result}
	| {event: 'cell-finished'; cell: string; outcome: CellOutcome; seconds: number}
	| {event: 'leftover'; cell: string; what: string; why: string}
	| {event: 'run-interrupted'; signal: string}
	| {event: 'run-finished'; seconds: number}
);

/**
 * Which cluster a scenario is proven on. `shared`: one that others use as well. `fresh`: its own, thrown away after it.
 * `formed`: its own, and the swarm is formed for it, of machines that were in none before.
 */
export type Isolation = 'shared' | 'fresh' | 'formed';

/** A scenario that was announced before the run, so that counts are equal between runs. */
export interface PlannedScenario {
	title: string;
	file: string;
	line?: number;
	/** `shared` unless said. */
	cluster?: Isolation;
	/**
	 * It is proven on a stack instead of a swarm: the `exercise` of that name, on stacks that have it; without a name it is
	 * about the cloud. `byRun`: whoever brings the stack up tells the result.
	 */
	stack?: {exercise?: string; byRun?: boolean};
	/** What must stand before it begins, by name and by the file that declares it (as `file`). */
	arrangement?: {name: string; file: string};
}
