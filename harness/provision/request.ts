/** What is asked of this room, and what it gives back. */
import type {StackOutcome} from '../devstack/index.ts';
import type {Cell, Origin, StackHandle, SwarmHandle} from '../model/index.ts';
import type {Lease} from '../processes/leases.ts';
import type {CellArtifacts, MachinesUp, Places, Provider} from '../providers/provider.ts';
import type {CellLog} from './cell-log.ts';

/** What is to stand. */
export interface Target {
	cell: Cell;
	provider: Provider;
	artifacts: CellArtifacts;
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
	quickest: Origin;
	/** The fixture that is to stand on the swarm already; only of the way `fixture snapshot`. */
	fixture?: FixtureName;
}

/** A fixture of a scenario file, by its name and that file (relative to the project). */
export interface FixtureName {
	name: string;
	file: string;
}

export interface Provisioned {
	up: MachinesUp;
	swarm: SwarmHandle;
	/** The way that was taken. */
	origin: Origin;
	/** Of a stack's cell: what the scenarios are told, and all that is known of how it came about. */
	stack?: StackHandle;
	stacked?: StackOutcome;
	/** File that describes the fixture that stands, where one does. */
	fixtureFile?: string;
	/** Seconds. */
	metrics: Record<string, number>;
}
