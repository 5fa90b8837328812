/**
 * The contract of providers: their properties, and how they bring the machines of a cell up and down.
 * CONTRIBUTING.md has the steps to a new provider.
 */
import type {Builder} from '../artifacts/engines/builder.ts';
import type {EngineTree} from '../artifacts/engines/engine-tree.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import type {HostNeeds} from '../host/needs.ts';
import type {Cell, CellHandle, FaultPlace, MachineHandle, NodeSpec, Reason} from '../model/index.ts';
import type {Station} from '../network/lan.ts';
import type {Report} from '../store/report.ts';

/** Files of a kernel that machines boot. */
interface KernelFiles {
	vmlinuz: string;
	initrd: string;
	modulesImage: string;
	release: string;
}

/** A disk that machines start from. */
export interface RootDisk {
	disk: string;
	version: string;
	/** The provider's name for it, if `disk` has a format of the provider. */
	name?: string;
	/** Version of control groups that the engine supports; default v2. */
	cgroup?: 'v1' | 'v2';
}

/** Files from which one machine is made. Only here a kernel and an engine come together. */
export interface NodeArtifacts {
	/** Undefined: the machine runs on the kernel of its host. */
	kernel?: KernelFiles;
	engine: RootDisk;
	/** The disk has no engine: a machine is up when its ssh answers. */
	without?: 'docker';
	/** What the node starts from after an upgrade, by the label of the engine: one for each of the cell's `upgrade`. */
	upgrades?: Readonly<Record<string, RootDisk>>;
}

/** Artifacts of all nodes of a cell, by the names of the nodes. */
export type CellArtifacts = Readonly<Record<string, NodeArtifacts>>;

/** Returns the files of the kernel, for machines that boot. Throws TypeError if there are none. */
export function bootFilesOf({kernel}: Pick<NodeArtifacts, 'kernel'>): KernelFiles {
	if (!kernel) {
		throw new TypeError('A machine that boots needs the files of a kernel');
	}

	return kernel;
}

/** Tars of the helper containers that are made of packages, with the keys of the tars; by the names of the containers. */
export type HelperTrees = Readonly<Record<string, {name: string; disk: string}>>;

/** The helper containers of a run. They are started once, before its first cell, and end with its lease. */
export interface Helpers {
	/** Id of the lease. */
	lease: string;
	/** Folder for their logs. */
	folder: string;
	trees: HelperTrees;
}

/** Builds artifacts for a node. Nodes and providers that ask for the same artifact share one build. Throws ArtifactError. */
export interface ArtifactBuilder {
	kernel(): Promise<KernelFiles>;
	/** Returns a raw image with the node's engine, or with the packages of the cell's stack. */
	disk(): Promise<Omit<NodeArtifacts, 'kernel'>>;
	/** Returns a tar of the root filesystem with the node's engine. It is built without a machine. */
	tree(): Promise<EngineTree>;
	/** Builds an artifact that only one provider has. @param name artifacts of the same name are built once */
	own<T>(name: string, make: (tools: BuilderTools) => Promise<T>): Promise<T>;
}

/** Tools for a provider to build its own artifacts. */
interface BuilderTools {
	packages: Packages;
	/** Boots a machine that works on a disk. */
	builder: Builder;
	report: Report;
}

/** A saved machine on disk. `up` restores it any number of times, from any number of processes. */
interface SavedMachine {
	/** Folder with NAME.ram, NAME.state, NAME.qcow2 and NAME.console.log. Nothing writes into it. */
	folder: string;
	/** Name in `folder` of the template of which the machine is a clone. Undefined: the machine is restored as itself. */
	template?: string;
	/** For a node of a swarm: an address on an overlay. The machine is up when a packet has gone there and come back. */
	neighbour?: string;
	/** Its memory is in its state, as it was saved while it went on; otherwise it is a file of its own. */
	memoryInState?: true;
}

/** Machines that are up, and the folder into which they are saved. */
export interface KeepRequest {
	machines: readonly MachineHandle[];
	/** What each was made from: its saved disk depends on these alone. */
	artifacts: CellArtifacts;
	folder: string;
	log: (doing: string) => void;
}

/** Saved machines, by the names of the machines that are restored from them. */
export type RestoreSource = Readonly<Record<string, SavedMachine>>;

/** One machine to bring up: its place on the LAN, its node, and its artifacts. */
export interface MachineRequest {
	station: Station;
	node: NodeSpec;
	artifacts: NodeArtifacts;
}

export interface BringUp {
	cell: Cell;
	/** The nodes of the cell, or the one machine that becomes a template. */
	machines: MachineRequest[];
	places: Places;
	signal: AbortSignal;
	log: MachineLog;
	/** Only if the cell has `services`, and the provider, too. */
	helpers?: Helpers | undefined;
	/** If given, all machines are restored from these instead of booted. */
	from?: RestoreSource;
	/** The machines will be saved, so their memory is kept in files beside the disks. */
	savable?: boolean;
}

/** Folders of the machines of a cell. */
export interface Places {
	/** Folder in the run, for consoles and logs. It is kept. */
	folder: string;
	disks: string;
	/** Folder for sockets. Its path is short, because the path of a unix socket may have at most 107 bytes (unix(7)). */
	runtime: string;
}

/** Receives the progress of machines while they come up. */
export interface MachineLog {
	/** Reports what a machine is doing now, for people who wait. */
	machine(name: string, doing: string): void;
	/** Reports that an operation of the lab on a machine failed and is tried again. */
	machineRetried(name: string, reason: Reason, consoleTail: string[]): void;
}

export interface MachinesUp {
	machines: MachineHandle[];
	/** The LAN between them, if its counters can be read. */
	lan?: CellHandle['lan'];
	/** Helper containers that the machines reach, if the cell has some. */
	helpers?: CellHandle['helpers'];
	/** Seconds from a machine's start until its Docker API answered, by machine. */
	bootSeconds: Record<string, number>;
	/** Returns the present troubles of machines as seen from this host, one sentence each. Never throws. */
	troubles(): Promise<string[]>;
	/**
	 * Saves the machines (brought up as `savable`) beside their disks and ends them. No connection may be open.
	 * Throws HarnessError. Only providers with `snapshots` have this function.
	 */
	save?(): Promise<void>;
	/**
	 * Runs a command on a machine without its network, if the provider can. Returns exit code and output. Throws MachineError.
	 * @param limit seconds; default: `limits.agentCommand`
	 */
	execOutOfBand(
		machine: string,
		command: readonly string[],
		limit?: number,
	): Promise<{exitCode: number; output: string}>;
	/** Ends everything that `up` started. Never throws. Returns what it could not end. */
	down(): Promise<string[]>;
}

export interface Provider {
	/** What this host needs for this provider, in addition to what every run needs. */
	needs?: HostNeeds;
	/** Returns facts of this host for the record, by name: versions of the programs that this provider uses. */
	facts?(): Promise<Record<string, string>>;
	/** Returns the release of the kernel on which nodes of `{type: 'host'}` run. Rejects if it cannot be known. */
	hostKernel?(): Promise<string>;
	/** Returns why the provider cannot bring up this cell, in one sentence; undefined if it can. */
	refuse(cell: Cell): string | undefined;
	/**
	 * True: a node gets another engine while its swarm is up, and `up` puts what that needs into its handle. Omit it if nodes
	 * keep their engine.
	 */
	upgrades?: true;
	/** True: `up` brings the helper containers of the cell up, too. Omit it if its machines reach none. */
	services?: true;
	/** Builds and returns the artifacts of a node. Throws ArtifactError. */
	artifacts(node: NodeSpec, builder: ArtifactBuilder): Promise<NodeArtifacts>;
	/** Undefined: machines cannot be saved, so every machine is booted. */
	snapshots?: {
		/** Returns what a saved machine depends on besides kernel and engine. With other values the snapshot is useless. */
		recipe(node: NodeSpec, artifacts: NodeArtifacts, cell: Pick<Cell, 'plain'>): Promise<Record<string, unknown>>;
		/**
		 * Saves machines that any process has brought up, and lets them go on. `from` of `up` restores them. They stand still
		 * meanwhile; then their clocks are set. No connection to them may be open. Throws HarnessError; then they go on, too.
		 * Omit it if only the harness can save machines.
		 */
		keep?(request: KeepRequest): Promise<void>;
	};
	/**
	 * Where faults can be put: `link` if `up` returns a LAN that takes them; `power` if the handles say how. Omit it if nowhere.
	 */
	faults?: readonly FaultPlace[];
	/** Brings up machines. If it throws (HarnessError), it has ended everything that it started. */
	up(request: BringUp): Promise<MachinesUp>;
	/** Returns resources that outlive our processes, of all runs of this user. Omit it if there are none. */
	leftovers?(): Promise<Leftover[]>;
	/**
	 * Returns images that runs have made outside of the cache, and that no run will use again. Omit it if it makes none.
	 * @param trees keys of the trees in the cache
	 */
	oldImages?(trees: ReadonlySet<string>): Promise<{where: string; images: HostImage[]}>;
}

/** An image that a run has made outside of the cache. */
export interface HostImage {
	name: string;
	/** Bytes, with what it shares with others. */
	bytes: number;
	/** Removes it. Never throws. Returns why it stays, in a few words; undefined if it is gone. */
	remove(): Promise<string | undefined>;
}

/** Something that outlives the processes of its run. */
export interface Leftover {
	kind: string;
	name: string;
	/** Whether it belongs to this lease. */
	isOf(lease: string): boolean;
	/** Removes it. Never throws. Returns what is left. */
	remove(): Promise<string[]>;
}
