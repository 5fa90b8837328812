/** Resolves names with dig: libc sorts and caches addresses, so curl's view says little about DNS. Pure. */
import {byAddress} from '../swarm/index.ts';

export interface Resolved {
	/** `NOERROR`, `NXDOMAIN`, `SERVFAIL`; `TIMEOUT` without an answer. */
	status: string;
	/** Sorted, because the engine shuffles them. */
	addresses: string[];
	/** Time to live of the first answer, in seconds. */
	ttl: number | undefined;
}

/** Returns the words of the command. It asks the engine's own resolver, which every container of a user-defined network has. */
export function digCommand(name: string, type: 'A' | 'AAAA' = 'A'): string[] {
	return ['dig', '@127.0.0.11', '+noall', '+comments', '+answer', '+time=3', '+tries=1', '+nosearch', `${name}.`, type];
}

/** Parses the output of dig. */
export function parseDig(stdout: string): Resolved {
	const status = /status: ([A-Z]+)/.exec(stdout)?.[1] ?? 'TIMEOUT';
	const answers = [...stdout.matchAll(/^\S+\s+(\d+)\s+IN\s+(?:A|AAAA)\s+(\S+)$/gm)];
	return {
		status,
		addresses: answers.map(([, , address]) => address!).sort(byAddress),
		ttl: answers[0] ? Number(answers[0][1]) : undefined,
	};
}
