/** What is up on this host, as data and in words. */
import {explain} from '../errors.ts';
import {faultsOn} from '../faults/on.ts';
import {isAlive} from '../machine/index.ts';
import {shellLines} from '../machine/shell-lines.ts';
import {type FaultStatus, type MachineHandle, type NodeFaultStatus, stackOf, uniform} from '../model/index.ts';
import {isAbandoned, readLeases} from '../processes/leases.ts';
import {type CellUp, cellsUp} from '../run/by-hand.ts';
import {type Usage, usageOf} from '../run/usage.ts';
import {table} from './table.ts';

export interface CellStatus {
	cell: string;
	/** The run that kept it, or `hand-…`; also the id of its lease. */
	run: string;
	/** ISO 8601, UTC. */
	since: string;
	provider: string;
	/** What the machines were started from: a way, or `snapshot 'NAME'` if it was saved by name. */
	origin: string;
	/** Kernel and engine of the nodes, or what the stack is. */
	kernel: string;
	underTest: string;
	/** MiB that are reserved for its nodes together. */
	reservedMib: number;
	usage: Usage;
	nodes: NodeStatus[];
	faults: (FaultStatus | NodeFaultStatus)[];
	/** Why the faults are not known. */
	trouble?: string;
	folder: string;
}

interface NodeStatus {
	name: string;
	role: string;
	address: string;
	kernel: string;
	engine: string;
	/** Undefined where this host cannot see it. */
	running?: boolean;
	/** Lines for a shell. */
	shell: string;
	docker: string;
}

export interface HostStatus {
	cells: CellStatus[];
	/** Runs and programs that have a lease and keep nothing: under way, or dead. */
	others: {id: string; since: string; pid: number; dead: boolean}[];
}

/** Reads it. A cell whose switch does not answer has `trouble`. */
export async function readStatus(): Promise<HostStatus> {
	return {cells: await Promise.all(cellsUp().map(statusOf)), others: othersOf()};
}

function othersOf(): HostStatus['others'] {
	return readLeases()
		.filter(({kept}) => !kept)
		.map(lease => ({id: lease.id, since: lease.createdAt, pid: lease.owner.pid, dead: isAbandoned(lease)}));
}

async function statusOf(up: CellUp): Promise<CellStatus> {
	const {handle, lease} = up;
	const {cell} = handle;
	let faults: CellStatus['faults'] = [];
	let trouble: string | undefined;
	try {
		faults = await faultsOn(up.handle);
	} catch (error) {
		trouble = explain(error).split('\n')[0];
	}

	return {
		...{cell: cell.id, run: handle.run, since: lease.createdAt, provider: cell.provider},
		origin: handle.saved === undefined ? handle.origin : `snapshot '${handle.saved}'`,
		kernel: uniform(cell, ({kernel}) => kernel.release),
		underTest: stackOf(cell)?.label ?? `Docker ${uniform(cell, ({engine}) => engine.label)}`,
		reservedMib: cell.nodes.reduce((all, {memory}) => all + memory, 0),
		usage: usageOf(lease),
		nodes: handle.machines.map(machine => nodeOf(machine, up)),
		faults,
		...(trouble && {trouble}),
		folder: handle.folder,
	};
}

function nodeOf(machine: MachineHandle, {handle}: CellUp): NodeStatus {
	const {name, role, address, pid} = machine;
	const node = handle.cell.nodes.find(each => each.name === name);
	return {
		...{name, role, address},
		...{kernel: node?.kernel.release ?? '', engine: node?.engine.label ?? ''},
		...(pid !== undefined && {running: isAlive(machine)}),
		...shellLines(machine),
	};
}

/** Returns the answer for a person. @param now epoch milliseconds */
export function statusLines({cells, others}: HostStatus, now: number): string[] {
	const lines = [
		...cells.flatMap(each => [...cellLines(each, now), '']),
		...others.map(({id, since, pid, dead}) =>
			dead
				? `${id} is dead and has left something: swarmlab gc`
				: `${id} is under way since ${since.slice(0, 16).replace('T', ' ')} UTC (process ${pid})`,
		),
	];
	return lines.length > 0
		? lines.join('\n').trimEnd().split('\n')
		: ['Nothing is up on this host. Bring a cell up: swarmlab up. To keep the machines of a run: swarmlab run --keep'];
}

function cellLines(status: CellStatus, now: number): string[] {
	const {cell, run, since, provider, origin, kernel, underTest, usage, reservedMib, nodes, faults, trouble} = status;
	const minutes = Math.max(0, Math.round((now - Date.parse(since)) / 60_000));
	const [first] = nodes;
	return [
		`${cell} (${run}), up since ${since.slice(0, 16).replace('T', ' ')} UTC, ${minutes} min`,
		`  ${provider}, started from: ${origin}; kernel ${kernel}, ${underTest}`,
		`  reserved ${reservedMib} MiB of memory; takes ${usage.memoryMib} MiB and ${usage.diskMib} MiB of disk`,
		...indented(
			table([
				['NODE', 'ROLE', 'ADDRESS', 'KERNEL', 'DOCKER', ''],
				...nodes.map(each => [
					...[each.name, each.role, each.address, each.kernel, each.engine],
					each.running === false ? 'its process has ended' : '',
				]),
			]),
		),
		...(trouble ? [`  its faults are not known: ${trouble}`] : []),
		...(faults.length > 0 ? ['  faults that are on:'] : trouble ? [] : ['  no fault is on']),
		...faults.map(
			each => `    ${each.id}  ${each.what} (${each.by}${'dropped' in each ? `; ${each.dropped} frames dropped` : ''})`,
		),
		...(first
			? [
					'  to paste:',
					`    swarmlab ssh ${first.name} --cell ${run}`,
					`    swarmlab exec ${first.name} --cell ${run} -- docker node ls`,
					...nodes.flatMap(({name, shell, docker}) => [`    ${shell}   # ${name}`, `    ${docker} ps   # ${name}`]),
				]
			: []),
		`  swarmlab down ${run}`,
	];
}

function indented(text: string): string[] {
	return text.split('\n').map(line => `  ${line}`);
}
