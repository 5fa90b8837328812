/** What a notice about suites is about, by the words that suite-notices.ts uses. Pure, and quick to load: help needs it. */

/** A suite whose packages are not known, or not those of today. */
export function isAboutMissing(message: string): boolean {
	return /left out|of before are used/.test(message);
}

/** A mirror that does not answer today: what is newest may be there. */
export function isAboutReach(message: string): boolean {
	return message.includes('cannot be reached');
}
