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

/** Parses sources.list(5): `deb [signed-by=…] URI suite component…`, one source a line. Skips deb-src and comments. */
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

/** Parses sources in deb822 format. Skips stanzas that are disabled or have no binary packages. */
export function parseDeb822Sources(text: string): AptSource[] {
	return parseDeb822(text)
		.filter(stanza => words(stanza.types).includes('deb') && !/^(no|false|0|off)$/i.test(stanza.enabled ?? 'yes'))
		.flatMap(stanza =>
			words(stanza.uris).map(uri => ({
				uri,
				suites: words(stanza.suites),
				components: words(stanza.components),
				// The field may contain the key itself, over many lines. Then it is not a file name.
				...(stanza['signed-by'] && !stanza['signed-by'].includes('\n') ? {signedBy: stanza['signed-by']} : {}),
			})),
		);
}

/** Reads all sources under `folder` (apt's Dir::Etc). Skips files that cannot be read, because apt reports them. */
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
