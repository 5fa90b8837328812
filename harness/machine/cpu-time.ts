/**
 * CPU time of a machine, as this host's kernel counts it for each thread: time on a CPU, and time in which the thread was ready
 * to run and had none (/proc/PID/task/TID/schedstat; kernel, sched-stats).
 */
import fs from 'node:fs';

/** The time that something ran on this host's CPUs or waited for one. */
export interface CpuTime {
	ranSeconds: number;
	/** Seconds for which it was ready to run and had no CPU. */
	waitedSeconds: number;
}

/**
 * What a machine had used at a moment, each part for itself. A virtual machine is one process, and its parts are the threads:
 * the virtual CPUs among them. A node that is a container is many processes, whose threads take over from each other (Go), so
 * it has one part: the sum.
 */
export interface CpuSample {
	/** By this host's monotonic clock. */
	atSeconds: number;
	parts: ReadonlyMap<number, CpuTime>;
}

/** A stretch of time, and what a machine had of the CPUs in it. `waitedSeconds` is never more than `seconds`. */
export interface CpuStretch extends CpuTime {
	seconds: number;
}

/** Returns what a machine had between two samples: its part that asked for most decides. Pure. */
export function stretchBetween(first: CpuSample, last: CpuSample): CpuStretch {
	const seconds = last.atSeconds - first.atSeconds;
	const [busiest = none] = [...last.parts]
		.map(([part, now]) => since(now, first.parts.get(part)))
		.sort((a, b) => asked(b) - asked(a));
	// Threads of a container wait beside each other. The machine waits for no longer than time passes.
	const scale = asked(busiest) > seconds ? seconds / asked(busiest) : 1;
	return {seconds, ranSeconds: busiest.ranSeconds * scale, waitedSeconds: busiest.waitedSeconds * scale};
}

/** Returns the stretch of at least `seconds` in which the machine waited for the largest part of the time. Pure. */
export function worstStretch(samples: readonly CpuSample[], seconds: number): CpuStretch | undefined {
	let worst: CpuStretch | undefined;
	let from = 0;
	for (const last of samples) {
		while (samples[from + 1] !== undefined && last.atSeconds - samples[from + 1]!.atSeconds >= seconds) {
			from += 1;
		}

		const first = samples[from]!;
		if (last.atSeconds - first.atSeconds >= seconds) {
			const stretch = stretchBetween(first, last);
			worst = worst && waitedPart(worst) >= waitedPart(stretch) ? worst : stretch;
		}
	}

	return worst;
}

function waitedPart({seconds, waitedSeconds}: CpuStretch): number {
	return waitedSeconds / seconds;
}

const none: CpuTime = {ranSeconds: 0, waitedSeconds: 0};

function asked({ranSeconds, waitedSeconds}: CpuTime): number {
	return ranSeconds + waitedSeconds;
}

/** A thread that was not there before is new: all its time has passed since. */
function since(now: CpuTime, before = none): CpuTime {
	return {
		ranSeconds: Math.max(0, now.ranSeconds - before.ranSeconds),
		waitedSeconds: Math.max(0, now.waitedSeconds - before.waitedSeconds),
	};
}

/** Reads the CPU time of one machine again and again. */
export class CpuMeter {
	#threads: ReadonlyMap<number, CpuTime> | undefined;
	#isTree = false;
	#sum = none;

	/** Reads it for the process `pid` and all that descend from it. Never throws: what has ended is left out. */
	read(pid: number | undefined): CpuSample {
		const processes = pid === undefined ? [] : descendants(pid);
		const threads = new Map(processes.flatMap(readThreads));
		this.#isTree ||= processes.length > 1;
		// The first reading is where the counting begins. Later, threads that have ended are no longer there, their time is.
		for (const [thread, now] of this.#threads ? threads : []) {
			const {ranSeconds, waitedSeconds} = since(now, this.#threads?.get(thread));
			this.#sum = {
				ranSeconds: this.#sum.ranSeconds + ranSeconds,
				waitedSeconds: this.#sum.waitedSeconds + waitedSeconds,
			};
		}

		this.#threads = threads;
		return {atSeconds: performance.now() / 1000, parts: this.#isTree ? new Map([[0, this.#sum]]) : threads};
	}
}

/** The process itself comes first. Needs CONFIG_PROC_CHILDREN; without it there is only the process itself. */
function descendants(pid: number): number[] {
	const found = [pid];
	for (const each of found) {
		found.push(...tasksOf(each).flatMap(thread => childrenOf(each, thread)));
	}

	return found;
}

function tasksOf(pid: number): number[] {
	try {
		return fs.readdirSync(`/proc/${pid}/task`).map(Number);
	} catch {
		return [];
	}
}

function childrenOf(pid: number, thread: number): number[] {
	try {
		return fs
			.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
			.split(' ')
			.flatMap(child => (child.trim() === '' ? [] : Number(child)));
	} catch {
		return [];
	}
}

/** Kernels without CONFIG_SCHED_INFO have no such file. */
function readThreads(pid: number): [thread: number, CpuTime][] {
	return tasksOf(pid).flatMap((thread): [number, CpuTime][] => {
		try {
			const text = fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
			const [ran = 0, waited = 0] = text.split(' ').map(Number);
			return [[thread, {ranSeconds: ran / 1e9, waitedSeconds: waited / 1e9}]];
		} catch {
			return [];
		}
	});
}
