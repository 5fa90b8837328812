/** What a lease takes of this host right now. */
import fs from 'node:fs';
import path from 'node:path';
import type {Lease} from '../processes/leases.ts';
import {processesOf} from '../processes/processes.ts';

export interface Usage {
	processes: number;
	/** Memory that its processes have, those that they share counted once: MiB. Machines in containers are not in it. */
	memoryMib: number;
	/** What its folders take on disk: MiB. */
	diskMib: number;
}

/** Never throws: what cannot be read counts as nothing. */
export function usageOf(lease: Pick<Lease, 'id' | 'folders'>): Usage {
	const processes = processesOf(lease.id);
	return {
		processes: processes.length,
		memoryMib: Math.round(processes.reduce((all, {pid}) => all + memoryOf(pid), 0) / 1024),
		diskMib: Math.round(lease.folders.reduce((all, folder) => all + bytesIn(folder), 0) / 2 ** 20),
	};
}

/** Proportional set size in KiB (proc_pid_smaps(5)); resident size if it may not be read. */
function memoryOf(pid: number): number {
	for (const [file, line] of [
		['smaps_rollup', /^Pss:\s+(\d+) kB/m],
		['status', /^VmRSS:\s+(\d+) kB/m],
	] as const) {
		try {
			const found = line.exec(fs.readFileSync(`/proc/${pid}/${file}`, 'utf8'));
			if (found) {
				return Number(found[1]);
			}
		} catch {
			// It has ended, or belongs to somebody else.
		}
	}

	return 0;
}

/** Bytes on disk: disks of machines have holes. */
export function bytesIn(folder: string): number {
	try {
		return fs.readdirSync(folder, {withFileTypes: true}).reduce((all, entry) => {
			const name = path.join(folder, entry.name);
			return all + (entry.isDirectory() ? bytesIn(name) : fs.lstatSync(name).blocks * 512);
		}, 0);
	} catch {
		return 0;
	}
}
