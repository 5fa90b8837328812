/** Names of what a scenario makes. Each name shows which scenario made it. Pure. */

/** Returns `a-service-vip-spreads-web`: the beginning of the title, cut at a word. It is a DNS label with room for a suffix. */
export function nameAfter(title: string, kind: string, longest = 40): string {
	const words = title
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
	let name = '';
	for (const word of words) {
		if (name.length + word.length + kind.length + 2 > longest) {
			break;
		}

		name = name ? `${name}-${word}` : word;
	}

	return `${name || 'scenario'}-${kind}`;
}

/** Returns a folder name for a title. */
export function folderAfter(title: string): string {
	return nameAfter(title, 'evidence', 70).replace(/-evidence$/, '');
}
