/** Pages that do not say which task they are from: how many of each there are, and how each begins. Pure. */
import {shortened} from './assertion.ts';

/** Pages, and characters of each, that one line has room for. */
const shownPages = 3;
const shownCharacters = 40;

/** `5 from pages that do not name their task (A 3 “one”, B 2 “two”)`. `letters` are those of the distinct bodies. */
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

/** What a reader of the page sees; of a page without any text, its source. */
function textOf(body: string): string {
	const bare = body.replaceAll(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ');
	return (oneLine(bare) || oneLine(body)).trim();
}

function oneLine(text: string): string {
	return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Pages of one kind begin alike: what tells them apart is shown. */
function withoutCommonStart(texts: readonly string[]): readonly string[] {
	const [first = '', ...others] = texts;
	let common = 0;
	while (common < first.length && others.every(each => each[common] === first[common])) {
		common += 1;
	}

	// Some of what they share stays, so that the page is known again.
	const cut = common - shownCharacters / 4;
	return others.length === 0 || common < shownCharacters / 2 ? texts : texts.map(each => `…${each.slice(cut)}`);
}
