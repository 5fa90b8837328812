/** What every provider does: brings the machines of a cell up, and down again. */
import type {Cell, MachineHandle, Reason} from '../model.ts';

/** Files that the machines of a cell are made from: a kernel and an engine meet here for the first time. */
export interface CellArtifacts {
	kernel: {vmlinuz: string; initrd: string; modulesImage: string; release: string};
	engine: {disk: string; version: string};
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
	/** Takes everything down that `up` started. Never throws: says what it could not end. */
	down(): Promise<string[]>;
}

export interface Provider {
	/** Why it cannot bring up this cell, in one sentence; undefined when it can. */
	refuse(cell: Cell): string | undefined;
	up(request: BringUp): Promise<MachinesUp>;
}
