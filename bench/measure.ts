/** Medians and ranges of repeated measurements: absolute times of a shared machine mean little, ratios of one run do. */
import fs from 'node:fs';

export interface Row {
	what: string;
	unit: string;
	values: number[];
	/** What the figure is to stay under, where the project promises one. */
	goal?: number;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A Markdown table: median, range, number of runs, and the goal. */
export function table(rows: Row[]): string {
	const lines = rows.map(({what, unit, values, goal}) => {
		const digits = unit === 'MiB' ? 0 : 2;
		const range = `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
		const promise = goal === undefined ? '' : `≤ ${goal}`;
		return `| ${what} | ${median(values).toFixed(digits)} ${unit} | ${range} | ${values.length} | ${promise} |`;
	});
	return ['| what | median | range | n | goal |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** Resident memory of a process, MiB: VmRSS of /proc/PID/status (proc(5)). */
export function residentMemory(status: string): number {
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Memory of a process on this host, MiB, with what it shares divided by its sharers: Pss of /proc/PID/smaps_rollup (proc(5)). */
export function proportionalMemory(pid: number): number {
	const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
	return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
