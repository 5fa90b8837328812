/** Quotes words for a shell: a person can paste the result, and a remote shell splits it into the same words again. */

/** Quotes one word if it must be quoted. */
export function quote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns the command line of several words. */
export function quoteAll(words: readonly string[]): string {
	return words.map(quote).join(' ');
}
