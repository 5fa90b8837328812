/** Words for a shell: what a person can paste, and what a remote shell takes apart into the same words again. */

/** One word, quoted only where it must be. */
export function quote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line of several words. */
export function quoteAll(words: readonly string[]): string {
	return words.map(quote).join(' ');
}
