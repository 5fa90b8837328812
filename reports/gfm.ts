/** GitHub-flavoured Markdown from texts that may hold anything. */
import {legible} from './xml.ts';

/** Text in a paragraph or a table: shown as it is, on one line. */
export function words(text: string): string {
	return legible(text)
		.replaceAll(/\s+/g, ' ')
		.trim()
		.replaceAll(/[\\`*_[\]<>|&~#@]/g, character =>
			character === '<' ? '&lt;' : character === '&' ? '&amp;' : character === '@' ? '@\u200B' : `\\${character}`,
		);
}

/** A block that is shown letter by letter; its fence is longer than any in the text. */
export function block(text: string): string {
	const shown = legible(text).replace(/^\n+|\s+$/g, '');
	const longest = longestTicks(shown, 2);
	const fence = '`'.repeat(longest + 1);
	return `${fence}text\n${shown}\n${fence}`;
}

/** Code in a line of text. */
export function code(text: string): string {
	const shown = legible(text).replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|');
	const longest = longestTicks(shown, 0);
	const ticks = '`'.repeat(longest + 1);
	return shown === '' ? '' : longest > 0 ? `${ticks} ${shown} ${ticks}` : `${ticks}${shown}${ticks}`;
}

function longestTicks(text: string, least: number): number {
	let longest = least;
	for (const [ticks] of text.matchAll(/`+/g)) {
		longest = Math.max(longest, ticks.length);
	}

	return longest;
}

/** The lines of a table; the first row is the head, whose cells must be Markdown already, as those of the others. */
export function* tableLines(head: string[], rows: Iterable<string[]>, align: string[] = []): Generator<string> {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	yield line(head);
	yield line(head.map((_, index) => align[index] ?? '---'));
	for (const row of rows) {
		yield line(row);
	}
}

/** As `tableLines`, as one text. */
export function table([head = [], ...rows]: string[][], align: string[] = []): string {
	return [...tableLines(head, rows, align)].join('\n');
}
