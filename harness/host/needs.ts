/** What a part of swarmlab wants of this host beyond what every run does. */
import type {Check} from './check.ts';
import type {Tool} from './tools.ts';

/** Returns the absolute path of a program, where there is one. */
export type Find = (command: string) => string | undefined;

export interface HostNeeds {
	/** The provider that needs it: doctor looks for it when it is asked about this provider. Without: it always looks. */
	provider?: string;
	tools: readonly Tool[];
	/** Looks at what is more than a program. Changes nothing. */
	look?(find: Find): Promise<Check[]>;
}

/** Milliseconds. For a program that only says its version: one that takes longer hangs, however much this host has to do. */
export const versionPatienceMs = 60_000;
