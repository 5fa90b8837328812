/** The shell scripts that put a fault in and undo it: the library, the values, the functions of the fault. Pure but for reading files. */
import fs from 'node:fs';
import path from 'node:path';
import {quote} from '../machine/index.ts';

/** The node on which a fault is. */
interface FaultSite {
	/** Of the fault, unique in its cell. */
	id: string;
	/** Address on the LAN. */
	address: string;
	/** Addresses of all other nodes on the LAN, by name. */
	others: Readonly<Record<string, string>>;
}

export interface ScriptParts {
	script: string;
	/** Variables that are empty unless `values` has them. */
	names: readonly string[];
	values: Readonly<Record<string, unknown>>;
	site: FaultSite;
}

const folder = path.join(import.meta.dirname, 'scripts');
const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8').trim();

/** Puts the fault in, and prints what shows that it is on. Fails if that shows nothing. */
export function putScript(parts: ScriptParts): string {
	return `${head(parts)}
[ ! -e "$s" ] || die "the fault $id is on already"
mkdir -p "$s" || exit 1
set -e
put
set +e
shows || die 'it was put in, and nothing shows it'`;
}

/** Undoes what was put in, however much that is. A second time does nothing. */
export function undoScript(parts: ScriptParts): string {
	return `${head(parts)}
[ -d "$s" ] || exit 0
undo || exit 1
rm -rf "$s"
rmdir "\${s%/*}" 2> /dev/null || :`;
}

/** Prints what shows that the fault is on; fails if nothing does. */
export function showsScript(parts: ScriptParts): string {
	return `${head(parts)}\n[ -d "$s" ] || die "the fault $id is not on"\nshows`;
}

function head({script, names, values, site: {id, address, others}}: ScriptParts): string {
	const peers = Object.entries(others).map(([name, at]) => `${name}=${at}`);
	const all = {...Object.fromEntries(names.map(name => [name, ''])), ...values, id, address, others: peers.join(' ')};
	const variables = Object.entries(all).map(([name, value]) => `${name}=${quote(asText(value))}`);
	return [...variables, read('lib'), read(script)].join('\n');
}

function asText(value: unknown): string {
	return value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
