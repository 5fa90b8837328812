/** The chains of a packet filter, as `iptables-save` prints them, and where their rules lead. Pure. */

export interface Chains {
	/** Chain → its rules, each as `-A …`. */
	rules: Map<string, string[]>;
	/** Of a chain of the kernel's own: what becomes of packets that no rule decides. */
	policies: Map<string, string>;
}

/** Reads one table. What comes after the tables of the kind that iptables uses (`== legacy`, `== nft`) is left out. */
export function chainsOf(saved: string, table: 'filter' | 'nat'): Chains {
	const [used = ''] = saved.split(/^== /m);
	const [, text = ''] = new RegExp(String.raw`^\*${table}$([\s\S]*?)^COMMIT$`, 'm').exec(used) ?? [];
	const chains: Chains = {rules: new Map(), policies: new Map()};
	for (const [, chain, policy] of text.matchAll(/^:(\S+) (\S+)/gm)) {
		chains.rules.set(chain!, []);
		chains.policies.set(chain!, policy!);
	}

	for (const [, rule, chain] of text.matchAll(/^(?:\[\d+:\d+\] )?(-A (\S+).*)$/gm)) {
		chains.rules.get(chain!)?.push(rule!);
	}

	return chains;
}

/** Whether rules of a chain lead to another one, also by way of others. What the rules ask for on the way is not looked at. */
export function leadsTo({rules}: Chains, from: string, to: string): boolean {
	const seen = new Set([from]);
	for (const chain of seen) {
		for (const rule of rules.get(chain) ?? []) {
			const [, next] = / -[jg] (\S+)/.exec(rule) ?? [];
			if (next !== undefined) {
				seen.add(next);
			}
		}
	}

	return seen.has(to);
}
