/** XML 1.0 that every reader can read: no library for it drops what XML cannot hold (facts of 2026), so this is our own. */
import {stripVTControlCharacters} from 'node:util';

/** An element: attributes that are undefined are left out. */
export interface Element {
	name: string;
	attributes: Record<string, string | number | undefined>;
	content: string | Element[] | Output;
}

/** What a test case wrote. Only its `attachments` are marked as such, so only what is ours may be in them. */
export interface Output {
	text: string;
	/** Paths without anything that ends a mark or a line. */
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

/** Begins a document: UTF-8 declared, no byte order mark, no DTD, no CDATA (some readers join split sections with commas). */
export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element as text, indented, with everything in it. */
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

/** The start tag of an element whose content is written piece by piece. */
export function opening(each: Element, indent = ''): string {
	return `${indent}<${named(each)}>`;
}

/** Its end tag. */
export function closing({name}: Element, indent = ''): string {
	return `${indent}</${name}>\n`;
}

function named({name, attributes}: Element): string {
	const written = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${attribute(String(value))}"`);
	return `${name}${written.join('')}`;
}

/** Whether XML, Markdown and a terminal can hold it as it is: most texts, so that they cost one look. */
const ordinary = /^[\t\n\u0020-\u007E]*$/;

/**
 * What of a string XML 1.0 can hold (§2.2 Char): colours and cursor moves of a terminal go, anything else that is
 * illegal or that a terminal obeys becomes U+FFFD, and line ends become \n, as a parser would make them anyway.
 * What is legible already stays as it is: no second pass may find what the first one put together.
 */
export function legible(string: string): string {
	return ordinary.test(string)
		? string
		: stripVTControlCharacters(string)
				.toWellFormed()
				.replaceAll(/\r\n?/g, '\n')
				.replaceAll(/[^\t\n\u{20}-\u{7E}\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** A character that a reader may drop, or not show: white space, what is invisible, and what stands for what XML cannot hold. */
const unseen = String.raw`[\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}\uFFFD]*`;
const marker = new RegExp(['\\[', '\\[', ...'ATTACHMENT', '\\|'].join(unseen), 'giu');

/**
 * A legible text in which nothing passes for the mark of an attachment, which makes readers of JUnit open the file that it
 * names. Its bar goes, and with that nothing that is dropped from the text later, or stands beside it, makes a mark of it.
 */
export function unmarked(text: string): string {
	return text.includes('|') && text.includes('[')
		? text.replaceAll(marker, mark => `${mark.includes('\n') ? mark.slice(0, -1) : mark.slice(1, -1)}: `)
		: text;
}

function text(string: string): string {
	return escaped(unmarked(legible(string)));
}

function output({text: told, attachments}: Output): string {
	return [...(told === '' ? [] : [text(told)]), ...attachments.map(each => `[[ATTACHMENT|${escaped(each)}]]`), ''].join(
		'\n',
	);
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
