/** What every provider does: brings the machines of a cell up, and down again. */
import type {Cell, MachineHandle, Reason} from '../model/index.ts';
import type {Station} from '../network/lan.ts';

/** Files that the machines of a cell are made from: a kernel and an engine meet here for the first time. */
export interface CellArtifacts {
	kernel: {vmlinuz: string; initrd: string; modulesImage: string; release: string};
	engine: {
		disk: string;
		version: string;
		/** Name by which Vagrant knows it, where `disk` is the file of a box. */
		box?: string;
		/** Version of control groups that the engine knows; v2 unless said. */
		cgroup?: 'v1' | 'v2';
	};
	/** There is no engine on that disk: a machine is up when its ssh is. */
	without?: 'docker';
}

/** Machines that stand still on disk. `up` brings them back as often as wanted, from any number of processes. */
export interface Frozen {
	/** NAME.ram, NAME.state, NAME.qcow2 and NAME.console.log of each machine. Never written to. */
	folder: string;
	/** Every machine of the cell is a clone of this one; without it each comes back as itself. */
	template?: string;
	/** Of nodes of a swarm, by machine: an address on an overlay. A machine is up when a packet has been there and back. */
	neighbours?: Record<string, string>;
}

export interface BringUp {
	cell: Cell;
	artifacts: CellArtifacts;
	/** The cell's folder in the run: consoles and logs stay here. */
	folder: string;
	/** Folder for disks that go with the cell. */
	disks: string;
	/** Folder for sockets that go with the cell; short. */
	runtime: string;
	signal: AbortSignal;
	/** Machines that were frozen, instead of a boot. */
	from?: Frozen;
	/** Other machines than the topology's: the one that becomes a template. */
	stations?: Station[];
	/** They are to be frozen: memory is kept in files beside the disks. */
	freezable?: boolean;
	/** What a machine is doing now, for the people who wait. */
	onProgress(machine: string, doing: string): void;
	/** Something of ours was tried again. */
	onRetry(machine: string, reason: Reason, consoleTail: string[]): void;
}

export interface MachinesUp {
	machines: MachineHandle[];
	/** Seconds from a machine's start until its Docker API answered, by machine. */
	bootSeconds: Record<string, number>;
	/** What is wrong with the machines right now, seen from this host; one sentence each. Never throws. */
	troubles(): Promise<string[]>;
	/**
	 * Saves the machines (brought up as `freezable`) beside their disks and ends them. Nobody may be connected.
	 * Throws HarnessError.
	 */
	freeze(): Promise<void>;
	/**
	 * Runs a command on a machine by another way than its network: its exit code and output. Throws MachineError.
	 * @param limit seconds; `limits.agent` unless given
	 */
	behindItsBack(
		machine: string,
		command: readonly string[],
		limit?: number,
	): Promise<{exitCode: number; output: string}>;
	/** Takes everything down that `up` started. Never throws: says what it could not end. */
	down(): Promise<string[]>;
}

export interface Provider {
	/** What a frozen machine depends on beside kernel and engine: other values, and it is of no use. Undefined: cannot freeze. */
	frozenRecipe?(cell: Cell, artifacts: CellArtifacts): Promise<Record<string, unknown>>;
	/** Why it cannot bring up this cell, in one sentence; undefined when it can. */
	refuse(cell: Cell): string | undefined;
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
