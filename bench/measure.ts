/**
 * Medians and ranges of repeated measurements. Absolute times of a shared machine mean little; ratios within one run
 * can be compared.
 */
import fs from 'node:fs';

export interface Row {
	what: string;
	unit: string;
	values: number[];
	/** The limit that the project promises, if any. */
	goal?: number;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Returns a Markdown table: median, range, number of runs, and the goal. */
export function table(rows: Row[]): string {
	const lines = rows.map(({what, unit, values, goal}) => {
		const digits = unit === 'MiB' ? 0 : 2;
		const range = `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
		const promise = goal === undefined ? '' : `≤ ${goal}`;
		return `| ${what} | ${median(values).toFixed(digits)} ${unit} | ${range} | ${values.length} | ${promise} |`;
	});
	return ['| what | median | range | n | goal |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** Returns the resident memory of a process, MiB: VmRSS of /proc/PID/status (proc(5)). */
export function residentMemory(status: string): number {
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/**
 * Returns the memory of a process on this host, MiB. Shared memory is divided by the number of its users: Pss of
 * /proc/PID/smaps_rollup (proc(5)).
 */
export function proportionalMemory(pid: number): number {
	const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
	return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
