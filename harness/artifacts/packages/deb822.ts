/** The text format of Debian's control data: deb-control(5), Packages, Release and .sources files. */

/** Fields of a stanza by lower-case name. The lines of a folded field are joined by newlines. */
export type Stanza = Record<string, string>;

/** Parses the stanzas of a text. Skips comment lines (`#`). */
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

/** Returns the names in a Depends field, only the first of alternatives: `a (>= 1), b | c` -> `a`, `b`. */
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
