/** XML 1.0 that every reader can read: no library for it drops what XML cannot hold (facts of 2026), so this is our own. */
import {stripVTControlCharacters} from 'node:util';

/** An element: attributes that are undefined are left out. */
export interface Element {
	name: string;
	attributes: Record<string, string | number | undefined>;
	content: string | Element[];
}

/** Makes an element. `content` is text or elements, never both: readers disagree about white space in mixed content. */
export function element(
	name: string,
	attributes: Element['attributes'] = {},
	content: Element['content'] = [],
): Element {
	return {name, attributes, content};
}

/** The whole document: UTF-8 declared, no byte order mark, no DTD, no CDATA (some readers join split sections with commas). */
export function document(root: Element): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${serialise(root, '')}`;
}

function serialise({name, attributes, content}: Element, indent: string): string {
	const written = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
		.join('');
	if (content.length === 0) {
		return `${indent}<${name}${written}/>\n`;
	}

	// Text stands directly between the tags: white space around it would become part of it.
	const inside =
		typeof content === 'string'
			? text(content)
			: `\n${content.map(each => serialise(each, `${indent}  `)).join('')}${indent}`;
	return `${indent}<${name}${written}>${inside}</${name}>\n`;
}

/**
 * What of a string XML 1.0 can hold (§2.2 Char): colours and cursor moves of a terminal go, anything else that is
 * illegal becomes U+FFFD, and line ends become \n, as a parser would make them anyway.
 */
export function legible(string: string): string {
	return stripVTControlCharacters(string)
		.toWellFormed()
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

function text(string: string): string {
	// `>` too, as `]]>` must not stand in text.
	return legible(string).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(string: string): string {
	// A parser turns raw tabs and line ends in attributes into spaces; as references they survive.
	return text(string).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
