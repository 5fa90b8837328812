/** Finds the kind of a notice about suites by words of suite-notices.ts. Pure, and quick to load, because help needs it. */

/** Whether a suite is left out, or its lists are out of date. */
export function isAboutMissing(message: string): boolean {
	return /left out|of before are used/.test(message);
}

/** Whether a mirror does not answer. It may have newer packages. */
export function isAboutReach(message: string): boolean {
	return message.includes('cannot be reached');
}
