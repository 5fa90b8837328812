/**
 * The contract of providers: what each says of itself, and how it brings the machines of a cell up and down again.
 * CONTRIBUTING.md has the steps to a new one.
 */
import type {Builder} from '../artifacts/engines/builder.ts';
import type {EngineTree} from '../artifacts/engines/engine-tree.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import type {HostNeeds} from '../host/needs.ts';
import type {Cell, CellHandle, MachineHandle, NodeSpec, Reason} from '../model/index.ts';
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
	/** What the provider calls it, where `disk` is in a form of its own. */
	name?: string;
	/** Version of control groups that the engine knows; v2 unless said. */
	cgroup?: 'v1' | 'v2';
}

/** Files that one machine is made from: a kernel and an engine meet here for the first time. */
export interface NodeArtifacts {
	/** Without: the machine runs on the kernel of its host. */
	kernel?: KernelFiles;
	engine: RootDisk;
	/** There is no engine on that disk: a machine is up when its ssh is. */
	without?: 'docker';
}

/** Of all nodes of a cell, by their names. */
export type CellArtifacts = Readonly<Record<string, NodeArtifacts>>;

/** The kernel's files, for machines that boot. Throws TypeError where there are none. */
export function bootFilesOf({kernel}: Pick<NodeArtifacts, 'kernel'>): KernelFiles {
	if (!kernel) {
		throw new TypeError('A machine that boots needs the files of a kernel');
	}

	return kernel;
}

/** What can be built for a node. Each is built once in a run, whichever nodes and providers ask for it. Throws ArtifactError. */
export interface ArtifactBuilder {
	kernel(): Promise<KernelFiles>;
	/** A raw image with what is under test on it: the node's engine, or what the cell's stack is made of. */
	disk(): Promise<Omit<NodeArtifacts, 'kernel'>>;
	/** A tar of the root filesystem with the node's engine. No machine is needed to make it. */
	tree(): Promise<EngineTree>;
	/** Something that only one provider has. @param name what it is: the same name is made once */
	own<T>(name: string, make: (tools: BuilderTools) => Promise<T>): Promise<T>;
}

/** What a provider builds its own artifacts with. */
interface BuilderTools {
	packages: Packages;
	/** Boots a machine that works on a disk. */
	builder: Builder;
	report: Report;
}

/** A machine that stands still on disk. `up` brings it back as often as wanted, from any number of processes. */
interface SavedMachine {
	/** Has NAME.ram, NAME.state, NAME.qcow2 and NAME.console.log. Never written to. */
	folder: string;
	/** The machine is a clone of the one that has this name in `folder`; without it, it comes back as itself. */
	template?: string;
	/** Of a node of a swarm: an address on an overlay. The machine is up when a packet has been there and back. */
	neighbour?: string;
}

/** By the names of the machines that come back. */
export type RestoreSource = Readonly<Record<string, SavedMachine>>;

/** One machine to bring up: who it is on the LAN, what it is, and what it is made from. */
export interface MachineRequest {
	station: Station;
	node: NodeSpec;
	artifacts: NodeArtifacts;
}

export interface BringUp {
	cell: Cell;
	/** The nodes of the cell, or the one that becomes a template. */
	machines: MachineRequest[];
	places: Places;
	signal: AbortSignal;
	log: MachineLog;
	/** All machines come back from these, instead of a boot. */
	from?: RestoreSource;
	/** They are to be saved: memory is kept in files beside the disks. */
	savable?: boolean;
}

/** Folders that go with the machines of a cell. */
export interface Places {
	/** In the run: consoles and logs stay here. */
	folder: string;
	disks: string;
	/** For sockets; its path is short, as that of a unix socket may have 107 bytes (unix(7)). */
	runtime: string;
}

/** What is told of machines while they come up. */
export interface MachineLog {
	/** What a machine is doing now, for the people who wait. */
	machine(name: string, doing: string): void;
	/** Something of ours was tried again with a machine. */
	machineRetried(name: string, reason: Reason, consoleTail: string[]): void;
}

export interface MachinesUp {
	machines: MachineHandle[];
	/** The LAN between them, where it can be asked. */
	lan?: CellHandle['lan'];
	/** Seconds from a machine's start until its Docker API answered, by machine. */
	bootSeconds: Record<string, number>;
	/** What is wrong with the machines right now, seen from this host; one sentence each. Never throws. */
	troubles(): Promise<string[]>;
	/**
	 * Saves the machines (brought up as `savable`) beside their disks and ends them. Nobody may be connected.
	 * Throws HarnessError. Of a provider with `snapshots`, and of no other.
	 */
	save?(): Promise<void>;
	/**
	 * Runs a command on a machine by another way than its network: its exit code and output. Throws MachineError.
	 * @param limit seconds; `limits.agent` unless given
	 */
	execOutOfBand(
		machine: string,
		command: readonly string[],
		limit?: number,
	): Promise<{exitCode: number; output: string}>;
	/** Takes everything down that `up` started. Never throws: says what it could not end. */
	down(): Promise<string[]>;
}

export interface Provider {
	/** What this host must have for it, beyond what every run needs. */
	needs?: HostNeeds;
	/** Returns what the record says of this host for its sake, by name: versions of the programs that it uses. */
	facts?(): Promise<Record<string, string>>;
	/** Returns why it cannot bring up this cell, in one sentence; undefined when it can. */
	refuse(cell: Cell): string | undefined;
	/** Has built what the machine of a node is made from. Throws ArtifactError. */
	artifacts(node: NodeSpec, builder: ArtifactBuilder): Promise<NodeArtifacts>;
	/** Without: its machines cannot be saved, and each of them is booted. */
	snapshots?: {
		/** What a saved machine depends on beside kernel and engine: with other values it is of no use. */
		recipe(node: NodeSpec, artifacts: NodeArtifacts, cell: Pick<Cell, 'plain'>): Promise<Record<string, unknown>>;
	};
	/** Throws HarnessError; then nothing that it started is left. */
	up(request: BringUp): Promise<MachinesUp>;
	/** What it has on this host that no process of ours holds, of every run of this user. Undefined: nothing ever. */
	leftovers?(): Promise<Leftover[]>;
}

/** Something that outlives the processes of its run. */
export interface Leftover {
	kind: string;
	name: string;
	/** Whether it was made in the name of this lease. */
	isOf(lease: string): boolean;
	/** Never throws: says what is left. */
	remove(): Promise<string[]>;
}
