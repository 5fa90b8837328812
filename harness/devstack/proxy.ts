/** Finds out whether the clients on a machine ask its own services through a proxy. Pure. */

/** Words that only a proxy prints, or a client about a proxy. */
const proxyWords =
	/The requested URL could not be retrieved|Cannot connect to proxy|ProxyError|Tunnel connection failed|proxy server received an invalid response from .*:3128|X-Squid-Error|Via: 1\.\d \S*(?:squid|proxy)|HTTPS?ConnectionPool\(host='[^']*proxy[^']*'|Proxy Authentication Required|\b407\b/i;

/** Returns the value that bash traced last for a variable. Callers treat an empty value as none. */
function valueIn(name: string, lines: readonly string[]): string | undefined {
	const pattern = new RegExp(`(?:^|[\\s'"])${name}=(?:'([^']*)'|"([^"]*)"|(\\S*))`, 'i');
	for (let at = lines.length - 1; at >= 0; at -= 1) {
		const found = lines[at]!.includes('=') ? pattern.exec(lines[at]!) : undefined;
		if (found) {
			return found[1] ?? found[2] ?? found[3];
		}
	}

	return undefined;
}

const addresses = /https?:\/\/\[?([^\s/:\]]+)/;

/** Returns whether the output has words of a proxy, or a proxy is set and no_proxy does not except the machine. */
export function behindProxy({output, lines}: {output: readonly string[]; lines: readonly string[]}): boolean {
	if (output.some(each => proxyWords.test(each))) {
		return true;
	}

	const proxy = valueIn('http_proxy', lines) || valueIn('https_proxy', lines);
	if (!proxy) {
		return false;
	}

	const excepted = (valueIn('no_proxy', lines) ?? '').split(',').filter(Boolean);
	const asked = output.map(each => addresses.exec(each)?.[1]).find(each => each !== undefined);
	// The output does not always name the address that was asked. Then an address in no_proxy that is not 127.x is taken for
	// that of the machine.
	return asked === undefined
		? !excepted.some(each => /^\d+(?:\.\d+){3}$/.test(each) && !each.startsWith('127.'))
		: !excepted.some(each => each === asked || (each.startsWith('.') && asked.endsWith(each)));
}
