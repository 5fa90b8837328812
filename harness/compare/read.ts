/** Reads facts from what programs printed: a key, and its value. Ids, addresses, times and counters are made equal. Pure. */
import {equalised} from './words.ts';

/** `/proc/sys/net/ipv4/vs/conn_reuse_mode:1`, as grep prints it. */
export function settings(text: string): Map<string, string> {
	const facts = new Map<string, string>();
	for (const [, name, value] of text.matchAll(/^\/proc\/sys\/(\S+?):(.*)$/gm)) {
		// Counters, and what belongs to an interface that is named by chance.
		if (!/nf_conntrack_count$|\/veth|\/br-/.test(name!)) {
			facts.set(name!.replaceAll('/', '.'), value!.trim());
		}
	}

	return facts;
}

/** Lines of `/proc/modules`, and the modules that the kernel lacks or that are withheld. */
export function modules(text: string): Map<string, string> {
	const facts = new Map<string, string>();
	let part = '';
	for (const line of text.split('\n')) {
		part = /^== (\w+)/.exec(line)?.[1] ?? part;
		const [, loaded] = /^(\w+) \d+ \d+ \S+ \w+ 0x/.exec(line) ?? [];
		if (loaded) {
			facts.set(loaded, 'loaded');
		} else if (part !== '' && !line.startsWith('==') && line.trim() !== '') {
			facts.set(line.trim(), part);
		}
	}

	return facts;
}

/** Rules of `iptables-save -c`, each with its table, and the policies of chains. What nft prints beside says the same again. */
export function packetFilter(text: string): Map<string, string> {
	const facts = new Map<string, string>();
	let table = '';
	let isNft = false;
	for (const line of text.split('\n')) {
		isNft = line.startsWith('== ') ? line === '== nft' : isNft;
		table = /^\*(\w+)$/.exec(line)?.[1] ?? table;
		const [, chain, policy] = /^:(\S+) (\S+) \[/.exec(line) ?? [];
		const [, rule] = /^(?:\[\d+:\d+\] )?(-A .*)$/.exec(line) ?? [];
		if (chain && !isNft) {
			facts.set(`${table}: chain ${chain}`, policy === '-' ? 'there' : policy!);
		} else if (rule && !isNft) {
			facts.set(`${table}: ${equalised(rule)}`, 'there');
		}
	}

	return facts;
}

/** Services of `/proc/net/ip_vs`, each with the number of its backends. Marks are counted anew on each node. */
export function services(text: string): Map<string, string> {
	const found: {service: string; backends: number; weightless: number}[] = [];
	for (const line of text.split('\n')) {
		const [, service, scheduler] = /^((?:FWM|TCP|UDP) .*?)\s+(rr|wrr|lc|wlc|sh|dh|sed|nq)\s*\w*\s*$/.exec(line) ?? [];
		const [, weight] = /^ {2}-> [0-9A-F]{8}:[0-9A-F]{4}\s+\w+\s+(\d+)/.exec(line) ?? [];
		if (service) {
			found.push({service: `${service.slice(0, 3)} ${scheduler}`, backends: 0, weightless: 0});
		} else if (weight && found.length > 0) {
			found.at(-1)!.backends += 1;
			found.at(-1)!.weightless += weight === '0' ? 1 : 0;
		}
	}

	const grouped = Map.groupBy(found, ({service}) => service);
	return new Map(
		[...grouped].map(([service, those]) => [
			`services ${service}`,
			`${those.length}, with ${those
				.map(({backends, weightless}) => `${backends}${weightless > 0 ? ` (${weightless} of weight 0)` : ''}`)
				.sort()
				.join(' + ')} backends`,
		]),
	);
}

/** Rows of `bridge fdb` and of `ip neigh`, counted by their kind. */
export function forwarding(text: string): Map<string, string> {
	const rows = text.split('\n').filter(line => /^\S+ dev \S+ /.test(line) && !/^(33:33|01:00)/.test(line));
	// What the bridge has learned comes and goes with packets.
	const kept = rows
		.filter(line => !/^\S+ dev \S+ master \S+\s*$/.test(line))
		.map(line => line.replace(/ link-netnsid \d+/, ''));
	return counted(
		kept.map(line =>
			equalised(line)
				.replace(/\b(STALE|REACHABLE|DELAY|PROBE)\b/, 'STATE')
				.replace(/veth\d+/, 'vethN'),
		),
	);
}

/** Interfaces with mtu and state, and routes. */
export function addresses(text: string): Map<string, string> {
	const lines: string[] = [];
	for (const line of text.split('\n')) {
		const [, name, mtu, state] = /^\d+: ([^:@]+)(?:@\S+)?: <.*> mtu (\d+) .*?state (\w+)/.exec(line) ?? [];
		const [, kind, address, rest] = /^\s+(inet6?) (\S+) (?:brd \S+ )?(.*)$/.exec(line) ?? [];
		if (name) {
			lines.push(`${equalised(name).replace(/^veth\w+/, 'vethID')} mtu ${mtu} ${state}`);
		} else if (kind && !/scope (link|host)/.test(rest!)) {
			lines.push(`${kind} ${equalised(address!)} ${equalised(rest!)}`);
		} else if (
			!line.includes(' lladdr ') &&
			/^(default|unreachable|blackhole|\d[\d./]+) .*(dev|via|scope) /.test(line)
		) {
			lines.push(`route ${equalised(line.trim())}`);
		}
	}

	return counted(lines);
}

/**
 * Messages of the engine or of the kernel. A message that came often is one fact, as how often it came is chance.
 * @param from seconds; earlier lines are left out
 */
export function log(text: string, from?: number): Map<string, string> {
	const facts = new Map<string, string>();
	for (const line of text.split('\n')) {
		const [, time, level, rest] = /^time="?([^" ]+)"? level=(\w+) msg=(.*)$/.exec(line) ?? [];
		const [, seconds, said] = /^\[ *(\d+\.\d+)\] (.*)$/.exec(line) ?? [];
		const at = time ? Date.parse(time) / 1000 : Number(seconds);
		if ((!time && !seconds) || (from !== undefined && at < from) || level === 'debug') {
			continue;
		}

		facts.set(equalised(time ? `${level}: ${rest}` : said!), 'there');
	}

	return facts;
}

/** Lines that are there. */
export function presence(text: string): Map<string, string> {
	return new Map(
		text
			.split('\n')
			.filter(line => line.trim() !== '')
			.map(line => [equalised(line.trim()), 'there']),
	);
}

function counted(lines: readonly string[]): Map<string, string> {
	const groups = Map.groupBy(lines, line => line.trim());
	return new Map([...groups].map(([line, those]) => [line, those.length === 1 ? 'there' : `${those.length} times`]));
}
