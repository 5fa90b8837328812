/** Writes XML 1.0 that every reader can read. It is our own code: no library drops what XML cannot hold (facts of 2026). */
import {stripVTControlCharacters} from 'node:util';

/** An element. Undefined attributes are left out. */
export interface Element {
	name: string;
	attributes: Record<string, string | number | undefined>;
	content: string | Element[] | Output;
}

/** Output of a test case. Only its `attachments` are marked as attachments, so they must contain only our own paths. */
export interface Output {
	text: string;
	/** Paths without characters that would end a mark or a line. */
	attachments: string[];
}

/** Makes an element. `content` is text or elements, never both: readers disagree about white space in mixed content. */
export function element(
	name: string,
	attributes: Element['attributes'] = {},
	content: Element['content'] = [],
): Element {
	return {name, attributes, content};
}

function isOutput(content: Element['content']): content is Output {
	return typeof content === 'object' && 'attachments' in content;
}

/**
 * The start of a document: UTF-8 declared, no byte order mark, no DTD, no CDATA (some readers join split sections with commas).
 */
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Returns an element with its content as indented text. */
export function serialise(each: Element, indent = ''): string {
	const {content} = each;
	if (!isOutput(content) && content.length === 0) {
		return `${indent}<${named(each)}/>\n`;
	}

	// Text stands directly between the tags: white space around it would become part of it.
	const inside =
		typeof content === 'string'
			? text(content)
			: isOutput(content)
				? output(content)
				: `\n${content.map(one => serialise(one, `${indent}  `)).join('')}${indent}`;
	return `${opening(each, indent)}${inside}${closing(each)}`;
}

/** Returns the start tag of an element whose content is written piece by piece. */
export function opening(each: Element, indent = ''): string {
	return `${indent}<${named(each)}>`;
}

/** Returns the end tag. */
export function closing({name}: Element, indent = ''): string {
	return `${indent}</${name}>\n`;
}

function named({name, attributes}: Element): string {
	const written = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${attribute(String(value))}"`);
	return `${name}${written.join('')}`;
}

/** Text that XML, Markdown and a terminal can hold unchanged. Most texts match, so they cost one check. */
const ordinary = /^[\t\n\u0020-\u007E]*$/;

/**
 * Returns the part of a string that XML 1.0 can hold (§2.2 Char). Removes colours and cursor moves of a terminal. Anything else
 * that is illegal or that a terminal obeys becomes U+FFFD. Line ends become \n, as a parser would make them anyway.
 * A legible text stays unchanged: a second pass must not find sequences that the first one created.
 */
export function legible(string: string): string {
	return ordinary.test(string)
		? string
		: stripVTControlCharacters(string)
				.toWellFormed()
				.replaceAll(/\r\n?/g, '\n')
				.replaceAll(/[^\t\n\u{20}-\u{7E}\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** Characters that a reader may drop or not show: white space, invisible characters, and the replacement for illegal ones. */
const unseen = String.raw`[\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}\uFFFD]*`;
const marker = new RegExp(['\\[', '\\[', ...'ATTACHMENT', '\\|'].join(unseen), 'giu');

/**
 * Returns a legible text that contains no mark of an attachment: for such a mark, readers of JUnit open the file that it names.
 * The bar of the mark is removed. Then no text that is dropped later, or stands beside it, can complete a mark.
 */
export function unmarked(text: string): string {
	return text.includes('|') && text.includes('[')
		? text.replaceAll(marker, mark => `${mark.includes('\n') ? mark.slice(0, -1) : mark.slice(1, -1)}: `)
		: text;
}

function text(string: string): string {
	return escaped(unmarked(legible(string)));
}

function output({text: content, attachments}: Output): string {
	return [
		...(content === '' ? [] : [text(content)]),
		...attachments.map(each => `[[ATTACHMENT|${escaped(each)}]]`),
		'',
	].join('\n');
}

function escaped(string: string): string {
	// `>` too, as `]]>` must not stand in text.
	return /[&<>]/.test(string)
		? string.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
		: string;
}

function attribute(string: string): string {
	const value = text(string);
	// A parser turns raw tabs and line ends in attributes into spaces; as references they survive.
	return /["\t\n]/.test(value)
		? value.replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;')
		: value;
}
