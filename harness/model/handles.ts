/** How a process on this host reaches a cell that is up. */
import type {Cell, Role} from './cell.ts';
import type {FaultPlace} from './faults.ts';

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

/** How any process of this host reaches the daemon of a Docker host. */
export interface DaemonAddress {
	/** `unix:///var/run/docker.sock`, `tcp://10.0.0.2:2375`, `ssh://user@host:22` or `ssh://host/path/of/docker.sock`. */
	url: string;
	/** For tcp with TLS: the folder with ca.pem, cert.pem and key.pem. */
	certificates?: string;
	/** For ssh: the socket of this host that ssh forwards to the daemon. Absent: each process has a socket of its own. */
	socket?: string;
}

export interface ExecReach {
	/** The machine is a container: the daemon of its Docker host runs the commands. No fault of the LAN can cut this way. */
	by: 'docker-exec';
	/** The Docker host. */
	daemon: DaemonAddress;
	/** Name of the container: an upgrade makes another container with the same name. */
	container: string;
}

/** How the Docker API of a machine is reached. */
interface EngineAccess {
	/** Unix socket on this host. */
	socket: string;
	/** Port of 127.0.0.1 that leads to it without ssh, if the provider has one. */
	port?: number;
}

/** How any process of this host cuts a machine's power, resets it, and holds it still. */
type PowerAccess =
	/** QEMU's control socket. */
	| {by: 'qmp'; socket: string}
	/** The daemon of the Docker host: see `reach`. */
	| {by: 'docker'};

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
	/** Pid of the virtual machine's process on this host, if there is one. */
	pid?: number;
	/** Absent: its power cannot be cut from here. */
	power?: PowerAccess;
	/** For an upgrade: images of other engines on the Docker host, by the engine's label. Only if it can be upgraded. */
	upgrades?: Readonly<Record<string, string>>;
}

/** A machine that ssh reaches. */
export type SshHandle = MachineHandle & {reach: SshReach};

/** A machine that is a container. */
export type ExecHandle = MachineHandle & {reach: ExecReach};

/** A helper container that is up. */
export interface HelperHandle {
	name: string;
	/** On the LAN of the cell. */
	address: string;
	/** File on this host with its log, from the first line on. */
	log: string;
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
	/** Keystone's address, as stack.sh printed it; absent if it printed none. */
	keystone?: string;
	/** Seconds that stack.sh took, also if an earlier run started it. */
	seconds: number;
}

/** What is up in a cell: a swarm, or a stack. */
export type SubjectHandle = {swarm: SwarmHandle} | {stack: StackHandle};

/** The LAN between the machines of a cell. */
interface LanHandle {
	/** A switch of our own: a process of this host. */
	by: 'switch';
	/** Unix socket on this host that reports what passed the switch. */
	counters: string;
	/** Unix socket on this host that takes faults and returns captures. Absent in a cell of an earlier version. */
	control?: string;
}

/**
 * A cell that is up: the file `cell.json`, by which any process on this host finds its machines. The work of a scenario
 * process is in a separate file: see Assignment.
 */
export interface CellHandle {
	/** Schema number of the file: see harness/provision/cell-file.ts. */
	schema: number;
	run: string;
	cell: Cell;
	machines: MachineHandle[];
	subject: SubjectHandle;
	/** How to query the LAN. */
	lan?: LanHandle;
	/** Helper containers that its nodes reach; absent: none. */
	helpers?: readonly HelperHandle[];
	/** Where its provider can have faults; absent: nowhere. */
	faults?: readonly FaultPlace[];
	/** Folder of this cell inside the run folder: absolute. */
	folder: string;
	/** What the machines were started from. */
	origin: Origin;
	/** Name under which the cell was saved, if `snapshot restore` brought it back. */
	saved?: string;
}

/**
 * What the machines of a cell were started from. All ways give the same verdicts; they take from seconds to a quarter of a
 * minute.
 */
export type Origin = 'cold boot' | 'clones of a template' | 'cluster snapshot' | 'fixture snapshot';
