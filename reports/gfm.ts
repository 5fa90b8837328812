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
	const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}text\n${shown}\n${fence}`;
}

/** Code in a line of text. */
export function code(text: string): string {
	const shown = legible(text).replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|');
	const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const ticks = '`'.repeat(longest + 1);
	return shown === '' ? '' : longest > 0 ? `${ticks} ${shown} ${ticks}` : `${ticks}${shown}${ticks}`;
}

/** A table; the first row is the head, whose cells must be Markdown already, as those of the others. */
export function table([head = [], ...rows]: string[][], align: string[] = []): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, index) => align[index] ?? '---')), ...rows.map(line)].join('\n');
}
