/** Rules of a packet filter that drop, and whether they have dropped anything. Pure. */
import type {EvidenceLine} from '../model/index.ts';
import {lineOf, type NodeView} from './view.ts';

/** Whether a rule concerns a port: `--dport 4789`, `--dports 4789,7946`, `dport 4789`. */
const aboutPort = (port: number) => new RegExp(String.raw`dports? (\S*[,{ ])?${port}\b`);
const drops = /-j (DROP|REJECT)\b|\b(drop|reject)\b/;

/**
 * The rule of the engine for encrypted overlays: it drops what is not encrypted (moby libnetwork/drivers/overlay: programInput).
 * iptables prints it as the first, nft as the second.
 */
const ofEncryption = /--pol none|xt match "policy"/;

const counter = /^\[(\d+):\d+\] |\bcounter packets (\d+) bytes \d+/;

/** Returns how many packets a rule has met, by its text. Undefined: the rule has no counter. */
function countOf(text: string): number | undefined {
	const found = counter.exec(text);
	return found ? Number(found[1] ?? found[2]) : undefined;
}

/** Returns the count of the same rule in the second reading, after the nodes have sent packets to each other. */
function laterCountOf(node: NodeView, text: string): number | undefined {
	const rule = text.replace(counter, '');
	const counts = node
		.lines('packet-filter-after', drops, 1000)
		.filter(each => each.text.replace(counter, '') === rule)
		.flatMap(each => countOf(each.text) ?? []);
	return counts.length > 0 ? Math.max(...counts) : undefined;
}

/** Whether a rule has dropped anything since it is there. A rule without a counter may have. */
export function hasDropped(node: NodeView, {text}: EvidenceLine): boolean {
	return (laterCountOf(node, text) ?? countOf(text)) !== 0;
}

/** Whether a rule drops what the nodes send to each other while they are asked. A rule without a counter may do so. */
function dropsNow(node: NodeView, line: EvidenceLine): boolean {
	const [first, later] = [countOf(line.text), laterCountOf(node, line.text)];
	return first === undefined || later === undefined ? hasDropped(node, line) : later > first;
}

/** Tables that iptables-nft or the engine keeps. */
export const managed = /^table (ip|ip6) (filter|nat|mangle|raw|security|docker-bridges)\b/m;

/**
 * Returns the lines of a node's packet filter that match. nft prints what iptables-nft keeps, too: these lines are left out, as
 * iptables-save has printed the same rules, and only its second reading shows whether their counters rise.
 */
export function ruleLines(node: NodeView, pattern: RegExp): EvidenceLine[] {
	return node.sections('packet-filter').flatMap(({file, text}) => {
		const [own = '', nft = ''] = text.split(/^== nft$/m);
		// iptables-save names its kind since 1.8.8. Of an older one, Docker's chains are nft's if nft prints them.
		const isNft = /\(nf_tables\)/.test(own) || (/^:DOCKER/m.test(own) && /^\tchain DOCKER\b/m.test(nft));
		const tables = nft.split(/^(?=table )/m).filter(table => !(isNft && managed.test(table)));
		return [own, ...tables]
			.flatMap(part => part.split('\n'))
			.filter(line => pattern.test(line))
			.map(line => lineOf(node, file, line));
	});
}

/** Returns the rules of a node itself that drop packets to a port, as far as they have dropped any. */
export function droppingRules(node: NodeView, port: number, judge = dropsNow): EvidenceLine[] {
	return ruleLines(node, drops).filter(
		line => aboutPort(port).test(line.text) && !ofEncryption.test(line.text) && judge(node, line),
	);
}
