/** What a part of swarmlab needs of this host in addition to what every run needs. */
import type {Check} from './check.ts';
import type {Tool} from './tools.ts';

/** Returns the absolute path of a program; undefined if it is not found. */
export type Find = (command: string) => string | undefined;

export interface HostNeeds {
	/** The provider that needs it: doctor checks it only with this provider. Undefined: doctor always checks it. */
	provider?: string;
	tools: readonly Tool[];
	/** Checks things other than programs. Changes nothing. */
	look?(find: Find): Promise<Check[]>;
}

/** Milliseconds. Limit for a program that only prints its version. If it takes longer, it hangs, even on a busy host. */
export const versionPatienceMs = 60_000;
