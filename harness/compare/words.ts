/** Makes texts of two cells comparable: what is different in each swarm by chance gets the same word. Pure. */

/** Ports that mean something: of the engine and of name servers. Any other one may be chosen by chance. */
const knownPorts = ['53', '2375', '2376', '2377', '4789', '7946'];

const port = (number: string) => (knownPorts.includes(number) ? number : 'PORT');

/** In this order: a rule may leave a word that a later one would take apart. */
const rules: [pattern: RegExp, by: string | ((whole: string, ...groups: string[]) => string)][] = [
	[/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:?\d\d)?/g, 'TIME'],
	[/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID'],
	[
		/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi,
		whole => (/^(00:){5}00$|^(ff:){5}ff$|^(33:33|01:00)/i.test(whole) ? whole : 'MAC'),
	],
	[/\b0x[0-9a-f]+\b/gi, 'HEX'],
	// IPv6, short or in full.
	[
		/(?<![\w:.])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})[0-9a-f:]{3,}(?![\w:])/gi,
		whole => (/^:{2}1?$/.test(whole) ? whole : 'ADDR6'),
	],
	[
		/\b(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(:(\d+))?\b/g,
		(_, address, withPort, number) =>
			`${/^(0\.0\.0\.0|127\.|255\.255\.255\.)/.test(address!) ? address : 'ADDR'}${withPort ? `:${port(number!)}` : ''}`,
	],
	[
		/(--[ds]ports? |dport |sport |--to-ports? |--to-source :)(\d+)/g,
		(_, before, number) => `${before}${port(number!)}`,
	],
	[/(--set-x?mark )\d+/g, '$1MARK'],
	// Of `ip neigh`: when it was used, in seconds.
	[/ ?used \d+\/\d+\/\d+ ?(probes \d+)?/g, ''],
	[/\b(veth|br-|ov-|vx-)[0-9a-f]{4,}(-\w+)?\b/g, '$1ID'],
	[/\blb_[a-z0-9]{4,9}\b/g, 'lb_ID'],
	// The version of the API in the path of a request: each engine has its own.
	[/(?<= )\/v1\.\d+(?=\/)/g, '/vN'],
	[/\b(?=[a-z0-9]*\d)[a-z0-9]{25}\b/g, 'ID'],
	[/\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/g, 'ID'],
	[/\b\d+(\.\d+)?(ns|µs|us|ms|s|sec|m|h)\b/g, 'N$2'],
	[/\b\d{5,}\b/g, 'N'],
];

/** Returns a text with words in place of ids, addresses, times, ports and large numbers. */
export function equalised(text: string): string {
	return rules.reduce((all, [pattern, by]) => all.replaceAll(pattern, by as string), text);
}
