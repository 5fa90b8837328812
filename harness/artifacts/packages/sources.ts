/** The host's own apt sources, in both formats that apt reads: one line each (sources.list) and deb822 (.sources). */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {parseDeb822} from './deb822.ts';

/** One archive and the suites that the host takes from it. */
export interface AptSource {
	uri: string;
	suites: string[];
	components: string[];
	signedBy?: string;
}

/** Sources of sources.list(5), one line each: `deb [signed-by=…] URI suite component…`. deb-src and comments are left out. */
export function parseOneLine(text: string): AptSource[] {
	const sources: AptSource[] = [];
	for (const line of text.split('\n')) {
		const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
		if (!match) {
			continue;
		}

		const [, options = '', uri, suite, components] = match;
		const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
		sources.push({
			uri: uri!,
			suites: [suite!],
			components: words(components),
			...(signedBy ? {signedBy} : {}),
		});
	}

	return sources;
}

/** Sources of the deb822 format. Stanzas that are disabled or that offer no binary packages are left out. */
export function parseDeb822Sources(text: string): AptSource[] {
	return parseDeb822(text)
		.filter(stanza => words(stanza.types).includes('deb') && !/^(no|false|0|off)$/i.test(stanza.enabled ?? 'yes'))
		.flatMap(stanza =>
			words(stanza.uris).map(uri => ({
				uri,
				suites: words(stanza.suites),
				components: words(stanza.components),
				// A key may stand in the field itself, over many lines: that is no file name.
				...(stanza['signed-by'] && !stanza['signed-by'].includes('\n') ? {signedBy: stanza['signed-by']} : {}),
			})),
		);
}

/** All sources under `folder` (apt's Dir::Etc); what cannot be read is passed over, as apt is the one to complain. */
export async function readHostSources(folder = '/etc/apt'): Promise<AptSource[]> {
	const parts = path.join(folder, 'sources.list.d');
	const names = (await readdir(parts).catch(() => [])).sort();
	const files = [path.join(folder, 'sources.list'), ...names.map(name => path.join(parts, name))];
	const sources = await Promise.all(
		files.map(async file => {
			const text = await readFile(file, 'utf8').catch(() => '');
			return file.endsWith('.sources') ? parseDeb822Sources(text) : file.endsWith('.list') ? parseOneLine(text) : [];
		}),
	);
	return sources.flat();
}

function words(text: string | undefined): string[] {
	return (text ?? '').split(/\s+/).filter(Boolean);
}
