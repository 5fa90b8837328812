/**
 * Keeps the activities that are under way, so that code with a time limit can name them in its error and end them.
 * A scope follows the calls made inside it through every await; there is no global list.
 */
import {AsyncLocalStorage} from 'node:async_hooks';
import {HarnessError} from '../errors.ts';

export interface Activity {
	/** What is done: `m1: ipvsadm -ln`, `until 2 tasks run`. */
	readonly what: string;
	/** Time of its beginning, from `performance.now()`. */
	readonly sinceMs: number;
	/** Whether the lab does it; otherwise the lab waits for the product. */
	readonly ours: boolean;
	/** What the last look of a wait saw. */
	seen?: string;
}

export interface Scope {
	/** If it is aborted, everything under way in the scope ends as soon as it can. */
	readonly signal: AbortSignal;
	/** Called at the beginning of each wait. */
	readonly onWait?: (what: string) => void;
	/** Returns the seconds for which machines waited for a CPU of the host. They do not count against limits. */
	readonly starved?: () => number;
	readonly activities: Set<Activity>;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs `body` in a new scope, which `body` receives. */
export function runInScope<T>(options: Omit<Scope, 'activities'>, body: (scope: Scope) => Promise<T>): Promise<T> {
	const scope: Scope = {...options, activities: new Set()};
	return scopes.run(scope, () => body(scope));
}

/** Runs `body` as an activity of the scope around it, if there is one. Throws HarnessError if the scope was ended before. */
export async function runActivity<T>(
	what: string,
	body: (activity: Activity, signal: AbortSignal | undefined) => Promise<T>,
	ours = true,
): Promise<T> {
	const scope = scopes.getStore();
	if (scope?.signal.aborted) {
		throw new HarnessError(`${what}: not begun, as its time was up`, {cause: scope.signal.reason});
	}

	const activity: Activity = {what, sinceMs: performance.now(), ours};
	scope?.activities.add(activity);
	try {
		return await body(activity, scope?.signal);
	} finally {
		scope?.activities.delete(activity);
	}
}

/** Returns the seconds that do not count, in the scope around the call. */
export function starvedSeconds(): number {
	return scopes.getStore()?.starved?.() ?? 0;
}

/** Reports the beginning of a wait to the scope around the call. */
export function reportWait(what: string): void {
	scopes.getStore()?.onWait?.(what);
}

/** Returns one line with everything under way in a scope, the oldest first. */
export function describeActivities(scope: Scope): string {
	const now = performance.now();
	const lines = [...scope.activities].map(({what, sinceMs, seen}) => {
		const seconds = ((now - sinceMs) / 1000).toFixed(1);
		return seen === undefined ? `${what} (${seconds} s)` : `${what} (${seconds} s, last seen: ${seen})`;
	});
	return lines.length === 0 ? 'nothing of the lab was under way' : lines.join('; ');
}
