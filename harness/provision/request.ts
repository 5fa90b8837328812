/** What is asked of this room, and what it gives back. */
import type {StackOutcome} from '../devstack/index.ts';
import type {Cell, NodeSpec, Origin, SubjectHandle} from '../model/index.ts';
import {stations} from '../network/lan.ts';
import type {Lease} from '../processes/leases.ts';
import type {
	CellArtifacts,
	MachineRequest,
	MachinesUp,
	NodeArtifacts,
	Places,
	Provider,
} from '../providers/provider.ts';
import type {CellLog} from './cell-log.ts';

/** What is to stand. */
export interface Target {
	cell: Cell;
	provider: Provider;
	artifacts: CellArtifacts;
}

/** The machines of a target: one for each node of the cell. */
export function machinesOf(target: Target): MachineRequest[] {
	const {nodes} = target.cell;
	return stations(nodes).map((station, index) => {
		const node = nodes[index]!;
		return {station, node, artifacts: artifactsOf(target, node)};
	});
}

/** What the machine of a node is made from. Throws TypeError where that was not built. */
export function artifactsOf({artifacts}: Target, {name}: NodeSpec): NodeArtifacts {
	const found = artifacts[name];
	if (!found) {
		throw new TypeError(`Nothing was built for the node ${name}`);
	}

	return found;
}

/** In whose name it is done, until when, and who is told. */
export interface Context {
	lease: Lease;
	signal: AbortSignal;
	log: CellLog;
}

export interface ProvisionRequest {
	target: Target;
	places: Places;
	context: Context;
	/** The quickest way that may be taken. */
	preferredOrigin: Origin;
	/** The fixture that is to stand on the swarm already; only of the way `fixture snapshot`. */
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
	/** Of a stack's cell: all that is known of how it came about. */
	stacked?: StackOutcome;
	/** File that describes the fixture that stands, where one does. */
	fixtureFile?: string;
	/** Seconds. */
	metrics: Record<string, number>;
}
