/** How a process of this host reaches what is up. */
import type {Cell, Role} from './cell.ts';

/** How commands and files reach a machine. */
type Reach = SshReach | ExecReach;

interface SshReach {
	/** ssh over the control channel, which no fault can cut. */
	by: 'ssh';
	host: string;
	port: number;
	user: string;
	identityFile: string;
	/** Socket of the connection that all processes of this host share. */
	controlPath: string;
}

export interface ExecReach {
	/** Commands that the daemon of the Docker host runs in the container that the machine is. No fault of the LAN can cut it. */
	by: 'docker-exec';
	/** The Docker host, as DOCKER_HOST takes it: `unix:///var/run/docker.sock`, `tcp://10.0.0.2:2375`. */
	daemon: string;
	/** Id of the container. */
	container: string;
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
	/** File on this host that the serial console streams to, from the first line on. */
	console: string;
	/** Process of the virtual machine on this host, where there is one. */
	pid?: number;
}

/** A machine that ssh reaches. */
export type SshHandle = MachineHandle & {reach: SshReach};

/** A machine that is a container. */
export type ExecHandle = MachineHandle & {reach: ExecReach};

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

/** What is up in a cell: a swarm, or a stack. */
export type SubjectHandle = {swarm: SwarmHandle} | {stack: StackHandle};

/** The LAN between the machines of a cell. */
interface LanHandle {
	/** A switch of our own: a process of this host. */
	by: 'switch';
	/** Unix socket on this host that tells what passed the switch. */
	counters: string;
}

/**
 * A cell that is up: the file `cell.json`, by which any process of this host finds its machines. What a scenario process is to
 * do on them is an Assignment, which is a file of its own.
 */
export interface CellHandle {
	/** Of the file: see harness/provision/cell-file.ts. */
	schema: number;
	run: string;
	cell: Cell;
	machines: MachineHandle[];
	subject: SubjectHandle;
	/** Where the LAN can be asked. */
	lan?: LanHandle;
	/** Folder of this cell inside the run folder: absolute. */
	folder: string;
	/** What the machines came from. */
	origin: Origin;
}

/** What the machines of a cell came from: all give the same verdicts, in seconds or in a quarter of a minute. */
export type Origin = 'cold boot' | 'clones of a template' | 'cluster snapshot' | 'fixture snapshot';
