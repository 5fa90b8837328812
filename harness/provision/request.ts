/** The request to bring a cell up, and its result. */
import type {StackOutcome} from '../devstack/index.ts';
import type {Cell, NodeSpec, Origin, SubjectHandle, SwarmOptions} from '../model/index.ts';
import {stations} from '../network/lan.ts';
import type {Lease} from '../processes/leases.ts';
import type {
	CellArtifacts,
	Helpers,
	MachineRequest,
	MachinesUp,
	NodeArtifacts,
	Places,
	Provider,
} from '../providers/provider.ts';
import type {CellLog} from './cell-log.ts';
import type {SavedCell} from './saved.ts';

/** The cell to bring up, where its machines come from, and what they are made from. */
export interface Target {
	cell: Cell;
	provider: Provider;
	artifacts: CellArtifacts;
	/** Only if the cell has `services`. */
	helpers?: Helpers | undefined;
}

/** Returns the machines of a target: one for each node of the cell. */
export function machinesOf(target: Target): MachineRequest[] {
	const {nodes} = target.cell;
	return stations(nodes).map((station, index) => {
		const node = nodes[index]!;
		return {station, node, artifacts: artifactsOf(target, node)};
	});
}

/** Returns what the machine of a node is made from. Throws TypeError if that was not built. */
export function artifactsOf({artifacts}: Target, {name}: NodeSpec): NodeArtifacts {
	const found = artifacts[name];
	if (!found) {
		throw new TypeError(`Nothing was built for the node ${name}`);
	}

	return found;
}

/** The lease that owns the work, the signal that ends it, and the log that it writes to. */
export interface Context {
	lease: Lease;
	signal: AbortSignal;
	log: CellLog;
}

export interface ProvisionRequest {
	target: Target;
	places: Places;
	context: Context;
	/** The quickest way that is allowed. */
	preferredOrigin: Origin;
	/** Options with which the swarm is formed; only where it is formed, not restored. They replace those of variants. */
	init?: SwarmOptions;
	/** The cell that a person has saved: its machines are restored from it, and never booted. */
	saved?: SavedCell;
	/** The fixture that the restored swarm has already; only for the way `fixture snapshot`. */
	fixture?: FixtureName;
}

/** A fixture of a scenario file, by its name and that file (relative to the workspace). */
export interface FixtureName {
	name: string;
	file: string;
}

export interface Provisioned {
	up: MachinesUp;
	subject: SubjectHandle;
	/** The way that was taken. */
	origin: Origin;
	/** Only for a stack's cell: the outcome of stack.sh. */
	stacked?: StackOutcome;
	/** The file that describes the fixture on the swarm, if there is one. */
	fixtureFile?: string;
	/** Seconds. */
	metrics: Record<string, number>;
}
