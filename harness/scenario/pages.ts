/** Describes pages that do not name their task: how many there are of each, and how each begins. Pure. */
import {shortened} from './assertion.ts';

/** How many pages one line shows, and how many characters of each. */
const shownPages = 3;
const shownCharacters = 40;

/** Returns `5 from pages that do not name their task (A 3 “one”, B 2 “two”)`. `letters` has one for each distinct body. */
export function describePages(bodies: readonly string[], letters: ReadonlyMap<string, string>): string {
	const distinct = [...letters.keys()];
	const texts = withoutCommonStart(distinct.map(textOf));
	const pages = distinct.slice(0, shownPages).map((body, index) => {
		const count = distinct.length > 1 ? ` ${bodies.filter(each => each === body).length}` : '';
		const text = texts[index]!;
		return `${letters.get(body)}${count} ${text === '' ? 'empty' : `“${shortened(text, shownCharacters)}”`}`;
	});
	const more = distinct.length - pages.length;
	const what = distinct.length === 1 ? 'a page that does not name its task' : 'pages that do not name their task';
	return `${bodies.length} from ${what} (${[...pages, ...(more > 0 ? [`${more} more`] : [])].join(', ')})`;
}

/** Returns the visible text of a page; its source if it has no text. */
function textOf(body: string): string {
	const bare = body.replaceAll(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ');
	return (oneLine(bare) || oneLine(body)).trim();
}

function oneLine(text: string): string {
	return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Cuts a long beginning that all pages share, so that their difference is shown. */
function withoutCommonStart(texts: readonly string[]): readonly string[] {
	const [first = '', ...others] = texts;
	let common = 0;
	while (common < first.length && others.every(each => each[common] === first[common])) {
		common += 1;
	}

	// Some of the shared text stays, so that a reader recognises the page.
	const cut = common - shownCharacters / 4;
	return others.length === 0 || common < shownCharacters / 2 ? texts : texts.map(each => `…${each.slice(cut)}`);
}
