/** Names asked directly: libc sorts addresses and caches them, so curl's view says little about DNS. Pure. */
import {byAddress} from './address-order.ts';

export interface Resolved {
	/** `NOERROR`, `NXDOMAIN`, `SERVFAIL`; `TIMEOUT` when nobody answered. */
	status: string;
	/** Sorted; the engine shuffles them. */
	addresses: string[];
	/** Seconds; of the first answer. */
	ttl: number | undefined;
}

/** Words of the command; the engine's own resolver, as every container of a user-defined network has it. */
export function digCommand(name: string, type: 'A' | 'AAAA' = 'A'): string[] {
	return ['dig', '@127.0.0.11', '+noall', '+comments', '+answer', '+time=3', '+tries=1', '+nosearch', `${name}.`, type];
}

/** Reads what dig wrote. */
export function parseDig(stdout: string): Resolved {
	const status = /status: ([A-Z]+)/.exec(stdout)?.[1] ?? 'TIMEOUT';
	const answers = [...stdout.matchAll(/^\S+\s+(\d+)\s+IN\s+(?:A|AAAA)\s+(\S+)$/gm)];
	return {
		status,
		addresses: answers.map(([, , address]) => address!).sort(byAddress),
		ttl: answers[0] ? Number(answers[0][1]) : undefined,
	};
}
