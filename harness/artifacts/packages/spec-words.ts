/** What the specs of kernels and engines have in common: words, series, and errors for what is not a version. Pure. */
import {UsageError} from '../../errors.ts';
import {nearest} from '../../nearest.ts';
import {compareVersions, hasPrefix} from './versions.ts';

/** Words for a version. `default` is what this host's release ships, `latest` the newest of all suites. */
const words = ['default', 'latest'];

/** Words that people type instead of these. */
const meant: Record<string, string> = {
	newest: 'latest',
	mainline: 'latest',
	current: 'latest',
	stable: 'default',
	distribution: 'default',
	host: 'default',
};

const quotes = '["\'`\u201c\u201d\u2018\u2019]';

/** Removes quotes that a shell or a list has left, and the v of a tag (`v6.1`). Changes `words` to lower case. */
export function normaliseSpec(spec: string): string {
	return spec
		.replace(new RegExp(`^\\s*${quotes}*\\s*|\\s*${quotes}*\\s*$`, 'g'), '')
		.replace(/^v(?=\d)/i, '')
		.replace(new RegExp(`^(${words.join('|')})(?=$|[/@])`, 'i'), word => word.toLowerCase());
}

const series = /^(\d+(?:\.\d+)*)\.[*x]$/i;

/** Expands `6.*` to the series of 6, `6.17`, `6.12`, `6.1`, in the order of `versions`. Returns any other text as it is. */
export function expandSeries(text: string, versions: readonly string[]): string[] {
	const prefix = series.exec(text)?.[1];
	if (!prefix) {
		return [text];
	}

	const found = versions
		.filter(version => hasPrefix(version, prefix))
		.map(version => componentsOf(version, prefix.split('.').length + 1));
	return found.length > 0 ? [...new Set(found)] : [text];
}

/** Returns the words that are similar to the typed text. */
export function nearWords(text: string, others: readonly string[] = []): string[] {
	const word = meant[text.toLowerCase()];
	return word ? [word] : nearest(text, [...words, ...others]);
}

const version = String.raw`\s*v?(\d+(?:\.\d+)*)\s*`;
const ranges: [pattern: RegExp, bounds: (a: string, b: string) => {from?: string; to?: string; below?: string}][] = [
	[new RegExp(`^(?:>=?|=>|\u2265|[~^])${version}$`), from => ({from})],
	[new RegExp(`^(?:<=|=<|\u2264)${version}$`), to => ({to})],
	[new RegExp(`^<${version}$`), below => ({below})],
	[new RegExp(`^${version}\\+$`), from => ({from})],
	[new RegExp(`^${version}(?:\\.{2,3}|-|\u2013|:|to)${version}$`, 'i'), (from, to) => ({from, to})],
	// Any other pattern. It is not interpreted.
	[/[*?[\]{}<>|^~]/, () => ({})],
];

/** Whether the text is a range and cannot be a version. `6.1-6.12` could be a version. */
export function isSurelyRange(text: string): boolean {
	return !series.test(text) && /^\s*[<>=~^\u2264\u2265]+\s*v?\d|\.\.|[*?[\]{}]|\d\+$/.test(text);
}

/**
 * Returns the error for a range; undefined for a text that is not a range.
 * @param versions all that are available; the remedy lists those within the range
 */
export function rangeRefused(
	what: 'kernels' | 'engines',
	text: string,
	versions: readonly string[],
): UsageError | undefined {
	if (series.test(text)) {
		return undefined;
	}

	const [match, bounds] =
		ranges.map(([pattern, of]) => [pattern.exec(text), of] as const).find(([found]) => found) ?? [];
	if (!match || !bounds) {
		return undefined;
	}

	const list = within(bounds(match[1]!, match[2]!), versions);
	const major = list.at(-1)?.split('.')[0] ?? '6';
	return new UsageError(`Ranges of ${what} are not understood: '${text}'.`, {
		remedy: `Write a list${list.length > 0 ? `: ${list.join(',')}` : ', with commas'}. '${major}.*' is the newest of each series of ${major}.`,
	});
}

/** Returns the series within the bounds, the oldest first. */
function within(
	{from, to, below}: {from?: string; to?: string; below?: string},
	versions: readonly string[],
): string[] {
	const all = [...new Set(versions.map(each => componentsOf(each, 2)))].sort(compareVersions);
	return all.filter(
		each =>
			(!from || compareVersions(each, componentsOf(from, 2)) >= 0) &&
			(!to || compareVersions(each, componentsOf(to, 2)) <= 0) &&
			(!below || compareVersions(each, componentsOf(below, 2)) < 0),
	);
}

/** Returns the first `count` components: `6.12.107-1` -> `6.12` for two. */
function componentsOf(text: string, count: number): string {
	return (/^\d+(\.\d+)*/.exec(text)?.[0] ?? text).split('.').slice(0, count).join('.');
}

/** Returns the error for a suite that offers no kernel or engine at all. */
export function suiteRefused(what: 'kernel' | 'Docker Engine', suite: string, offering: readonly string[]): UsageError {
	const suites = [...new Set(offering)];
	const near = nearest(suite, suites);
	return new UsageError(
		`No ${what} comes from a suite '${suite}'.${near.length > 0 ? ` Nearest: ${near.join(', ')}.` : ''}`,
		{remedy: `Suites that have one: ${suites.join(', ') || 'none'}. packages.suites and --suites choose them.`},
	);
}
