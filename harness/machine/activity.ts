/**
 * What is being done right now, so that whoever runs out of patience can say what was awaited, and end it.
 * A scope follows the calls made inside it through every await; there is no global list.
 */
import {AsyncLocalStorage} from 'node:async_hooks';
import {HarnessError} from '../errors.ts';

export interface Activity {
	/** What is done: `m1: ipvsadm -ln`, `until 2 tasks run`. */
	readonly what: string;
	/** When it began, `performance.now()`. */
	readonly sinceMs: number;
	/** Whether it is our own doing; otherwise we wait for the product. */
	readonly ours: boolean;
	/** What a wait saw last. */
	seen?: string;
}

export interface Scope {
	/** Aborted: whatever is under way inside ends as soon as it can. */
	readonly signal: AbortSignal;
	/** Told of each wait that begins. */
	readonly onWait?: (what: string) => void;
	/** Seconds for which machines were kept waiting for a CPU of the host: they do not count against limits. */
	readonly starved?: () => number;
	readonly activities: Set<Activity>;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs `body` so that its activities are those of a new scope, which is returned first to `body`. */
export function runInScope<T>(options: Omit<Scope, 'activities'>, body: (scope: Scope) => Promise<T>): Promise<T> {
	const scope: Scope = {...options, activities: new Set()};
	return scopes.run(scope, () => body(scope));
}

/** Runs `body` as an activity of the scope around it, if there is one. Throws HarnessError when the scope was ended. */
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

/** Seconds that do not count, in the scope around the call. */
export function starvedSeconds(): number {
	return scopes.getStore()?.starved?.() ?? 0;
}

/** Tells the scope that a wait has begun. */
export function reportWait(what: string): void {
	scopes.getStore()?.onWait?.(what);
}

/** One line: everything under way, the longest first. */
export function describeActivities(scope: Scope): string {
	const now = performance.now();
	const lines = [...scope.activities].map(({what, sinceMs, seen}) => {
		const seconds = ((now - sinceMs) / 1000).toFixed(1);
		return seen === undefined ? `${what} (${seconds} s)` : `${what} (${seconds} s, last seen: ${seen})`;
	});
	return lines.length === 0 ? 'nothing of the lab was under way' : lines.join('; ');
}
