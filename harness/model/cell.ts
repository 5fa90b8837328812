/** What is tested, and on what: a cell of the matrix, what is under test, and its nodes. */
import type {Variant} from './variant.ts';

/** Name of a provider: see harness/providers/names.ts. */
export type ProviderName = string;

/** A Debian package in an exact version, and the suite that offers it. */
export interface PackageRef {
	name: string;
	version: string;
	suite: string;
}

/** Where a kernel comes from. */
type KernelSource =
	| {type: 'package'; package: PackageRef}
	| {type: 'deb'; location: string; sha256: string}
	| {type: 'directory'; path: string}
	/** The kernel of the host of the machines, which have none of their own. */
	| {type: 'host'};

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
 * Which tree is used as DevStack: one of ours that tests the harness, a cloud made of a distribution's packages, or DevStack
 * itself. All three keep the same contract.
 */
export type StackKind = 'rehearsal' | 'packaged' | 'devstack';

/** A DevStack under test. */
export interface Stack {
	kind: StackKind;
	/** Short label of cell ids: `rehearsal`, `devstack-mitaka`. */
	label: string;
	/** A description for readers of results: the PASS of a rehearsal says nothing about OpenStack. */
	what: string;
	/** The release of DevStack whose contract its tree keeps: `mitaka`. */
	revision: string;
	/** The commit to check out, if it is not the release's own tag. */
	commit?: string;
	/** Exercises that the tree has, in the order in which it runs them. */
	exercises: string[];
	/** Lines of its local.conf beyond the generated ones. */
	localrc: Record<string, string>;
	/** If stack.sh fails in a known way, apply the known remedy and try once more. */
	retryWithRemedy: boolean;
}

/** How many nodes are asked for, and how large each is. */
export interface Topology {
	managers: number;
	workers: number;
	/** Memory of each node, MiB. */
	memory: number;
	/** Virtual CPUs of each node. */
	cpus: number;
}

export type Role = 'manager' | 'worker';

/** One machine of a cell: what it boots, and how large it is. */
export interface NodeSpec {
	/** Host name, unique in its cell: `m1`, `w1`, `w2`. */
	name: string;
	role: Role;
	kernel: Kernel;
	/** The engine under test. In a stack's cell at most its root filesystem is used. */
	engine: Engine;
	/** How it is configured before its engine starts; absent: as every node. */
	variant?: Variant;
	/** MiB. */
	memory: number;
	/** Virtual CPUs. */
	cpus: number;
}

/** What is under test: a swarm of all nodes, or a stack on the only node. */
export type Subject = 'swarm' | {stack: Stack};

/** A helper container, such as a registry or a proxy: it is up before the nodes of a cell, and is none of them. */
export interface HelperSpec {
	/** Unique in a run; the nodes know it by this name. */
	name: string;
	/** An image that the Docker host has, or packages from which its image is made. */
	from: {type: 'image'; image: string} | {type: 'packages'; packages: PackageRef[]; suite: string};
	/** Program with its arguments; absent: that of the image. */
	command?: string[];
	environment: Record<string, string>;
	/** TCP ports at which it listens when it is up. None is published. */
	ports: number[];
	/** Contents of files, by absolute path in the container. */
	files: Record<string, string>;
	/** When it is up, if not when it listens at its ports: a line of its log (a regular expression), or a command that succeeds in it. */
	ready?: {log: string} | {command: string[]};
}

/** One combination of the matrix. */
export interface Cell {
	/** Readable and unique in a run; `--cell` and `--exclude` match it: `qemu-k6.1.180-d20.10.24-1m2w`. */
	id: string;
	provider: ProviderName;
	subject: Subject;
	/** Managers first; at least one. */
	nodes: NodeSpec[];
	/** Engines that scenarios may upgrade its nodes to, one after the other. Only where that was asked for. */
	upgrade?: Engine[];
	/** Helper containers of the run; the nodes of every cell reach them. Only where that was asked for. */
	services?: HelperSpec[];
	/** True: the machines lack what only makes them faster, and each one is booted. See docs/nodes.md. */
	plain?: true;
}
