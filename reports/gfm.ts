/** GitHub-flavoured Markdown from any text. */
import {legible} from './xml.ts';

/** Returns a text for a paragraph or a table cell, on one line. Markdown in it has no effect. */
export function words(text: string): string {
	return legible(text)
		.replaceAll(/\s+/g, ' ')
		.trim()
		.replaceAll(/[\\`*_[\]<>|&~#@]/g, character =>
			character === '<' ? '&lt;' : character === '&' ? '&amp;' : character === '@' ? '@\u200B' : `\\${character}`,
		);
}

/** Returns a code block that shows the text unchanged. Its fence is longer than any run of backticks in the text. */
export function block(text: string): string {
	const shown = legible(text).replace(/^\n+|\s+$/g, '');
	const longest = longestTicks(shown, 2);
	const fence = '`'.repeat(longest + 1);
	return `${fence}text\n${shown}\n${fence}`;
}

/** Returns inline code. */
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

/** Yields the lines of a table. All cells must be Markdown already. The first row is the head. */
export function* tableLines(head: string[], rows: Iterable<string[]>, align: string[] = []): Generator<string> {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	yield line(head);
	yield line(head.map((_, index) => align[index] ?? '---'));
	for (const row of rows) {
		yield line(row);
	}
}

/** Returns the lines of `tableLines` as one text. */
export function table([head = [], ...rows]: string[][], align: string[] = []): string {
	return [...tableLines(head, rows, align)].join('\n');
}
