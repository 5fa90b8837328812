/** The text format of Debian's control data: deb-control(5), Packages, Release and .sources files. */

/** A stanza's fields by lower-case name; lines of a folded field are kept, joined by newlines. */
export type Stanza = Record<string, string>;

/** Stanzas of a text. Comment lines (`#`) are left out. */
export function parseDeb822(text: string): Stanza[] {
	const stanzas: Stanza[] = [];
	let stanza: Stanza = {};
	let field: string | undefined;
	for (const line of `${text}\n\n`.split(/\r?\n/)) {
		if (line.startsWith('#')) {
			continue;
		}

		if (line.trim() === '') {
			if (Object.keys(stanza).length > 0) {
				stanzas.push(stanza);
			}

			stanza = {};
			field = undefined;
		} else if (/^\s/.test(line)) {
			if (field) {
				stanza[field] = `${stanza[field]}\n${line.trim()}`.trim();
			}
		} else {
			const colon = line.indexOf(':');
			field = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : undefined;
			if (field) {
				stanza[field] = line.slice(colon + 1).trim();
			}
		}
	}

	return stanzas;
}

/** Names of a Depends field, first alternatives only: `a (>= 1), b | c` -> `a`, `b`. */
export function dependencies(field: string | undefined): string[] {
	return (field ?? '')
		.split(',')
		.map(part =>
			part
				.split('|')[0]!
				.replace(/[(:[].*/, '')
				.trim(),
		)
		.filter(Boolean);
}
