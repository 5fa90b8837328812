/**
 * Processes on this host that belong to a lease.
 *
 * Every child inherits the environment, so `SWARMLAB_LEASE=<id>`, set once in the harness, marks all that it
 * starts: virtual machines, the switch, ssh, builders, scenario processes. Nothing has to be written down at
 * the moment of the start, so nothing is lost when the harness is killed in that very moment.
 */
import fs from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {leaseVariable} from '../environment.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
	pid: number;
	/** Start time in clock ticks since boot: field 22 of /proc/PID/stat (proc(5)). */
	startedAt: string;
}

interface ProcessRow extends ProcessIdentity {
	parent: number;
	zombie: boolean;
	command: string;
}

/** Returns the identity of a running process; undefined if there is none, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
	const row = readRow(pid);
	return row && !row.zombie ? {pid, startedAt: row.startedAt} : undefined;
}

/** Returns whether the process still runs. A later process with the same pid does not count. */
export function isAlive({pid, startedAt}: ProcessIdentity): boolean {
	return identify(pid)?.startedAt === startedAt;
}

/** Returns the processes of a lease and all their descendants, even without its variable. This process is never among them. */
export function processesOf(lease: string): Array<ProcessIdentity & {command: string}> {
	const rows = allRows();
	const marked = new Set(rows.filter(({pid}) => isMarked(pid, lease)).map(({pid}) => pid));
	for (let before = -1; before !== marked.size; ) {
		before = marked.size;
		for (const {pid, parent} of rows) {
			if (marked.has(parent)) {
				marked.add(pid);
			}
		}
	}

	return rows
		.filter(({pid, zombie}) => marked.has(pid) && pid !== process.pid && !zombie)
		.map(({pid, startedAt, command}) => ({pid, startedAt, command}));
}

/** How long to wait after SIGKILL. On a busy host it takes more than a second to end a process with gigabytes of memory. */
const killedWithinSeconds = 30;

/**
 * Ends processes: SIGTERM, then SIGKILL after the grace.
 * @returns those that are still there.
 */
export async function endProcesses(processes: ProcessIdentity[], graceSeconds: number): Promise<ProcessIdentity[]> {
	signal(processes, 'SIGTERM');
	if ((await gone(processes, graceSeconds)).length > 0) {
		signal(processes, 'SIGKILL');
	}

	return gone(processes, killedWithinSeconds);
}

function signal(processes: ProcessIdentity[], name: NodeJS.Signals): void {
	for (const each of processes.filter(isAlive)) {
		try {
			process.kill(each.pid, name);
		} catch {
			// It ended between the look and the signal.
		}
	}
}

async function gone(processes: ProcessIdentity[], seconds: number): Promise<ProcessIdentity[]> {
	const end = performance.now() + seconds * 1000;
	let left = processes.filter(isAlive);
	while (left.length > 0 && performance.now() < end) {
		await delay(20);
		left = left.filter(isAlive);
	}

	return left;
}

function allRows(): ProcessRow[] {
	return fs
		.readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(name => readRow(Number(name)))
		.filter(row => row !== undefined);
}

function readRow(pid: number): ProcessRow | undefined {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The command name stands in parentheses and may itself contain any character.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
		return {pid, zombie: fields[0] === 'Z', parent: Number(fields[1]), startedAt: fields[19]!, command};
	} catch {
		return undefined;
	}
}

function isMarked(pid: number, lease: string): boolean {
	try {
		return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${leaseVariable}=${lease}`);
	} catch {
		return false;
	}
}
