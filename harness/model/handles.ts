/** How a process of this host reaches what is up. */
import type {Cell} from './cell.ts';
import type {Wanted} from './scenarios.ts';

export type Role = 'manager' | 'worker';

/** How commands and files reach a machine. */
interface Reach {
	/** ssh over the control channel, which no fault can cut. */
	by: 'ssh';
	host: string;
	port: number;
	user: string;
	identityFile: string;
	/** Socket of the connection that all processes of this host share. */
	controlPath: string;
}

/** How the Docker API of a machine is reached. */
interface EngineAccess {
	/** Unix socket on this host. */
	socket: string;
	/** Port of 127.0.0.1 that leads there without ssh, where the provider has one. */
	port?: number;
}

/** How any process of this host reaches a machine that is up. */
export interface MachineHandle {
	/** Host name in the swarm: `m1`, `w1`, `w2`. */
	name: string;
	role: Role;
	/** Address on the LAN between the machines; the swarm advertises it. */
	address: string;
	reach: Reach;
	engine: EngineAccess;
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
	/** Of the file: see harness/provision/cell-file.ts. */
	schema?: number;
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
	/** File that describes the fixture that stands on these machines. It may not be there yet. */
	fixtureFile: string;
	/** Which repetition of the scenarios this is, from 1. */
	repetition: number;
	/** What the machines came from. */
	origin: Origin;
}

/** What the machines of a cell came from: all give the same verdicts, in seconds or in a quarter of a minute. */
export type Origin = 'cold boot' | 'clones of a template' | 'cluster snapshot' | 'fixture snapshot';
