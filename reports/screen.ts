/** Text that is safe on a terminal and fits its width. */

import picocolors from 'picocolors';
import type {CaseVerdict} from '../harness/record/summary/summary.ts';
import {oneLine} from './names.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

/**
 * Returns colours as Node decides about them (node:tty, getColorDepth): FORCE_COLOR has the last word. Without it a terminal has
 * colours, if NO_COLOR is not set (no-color.org) and it is not a dumb one.
 */
export function coloursFor(
	{isTTY = false}: {isTTY?: boolean},
	{FORCE_COLOR: forced, NO_COLOR: none = '', TERM: terminal}: NodeJS.ProcessEnv = process.env,
): Colours {
	const wanted = isTTY && none === '' && terminal !== 'dumb';
	return picocolors.createColors(forced === undefined ? wanted : ['', '1', 'true', '2', '3'].includes(forced));
}

/** Returns the colour of a verdict: red is the product's fault, magenta is the lab's. */
export function colourOf(verdict: CaseVerdict, colours: Colours): (text: string) => string {
	return {
		passed: colours.green,
		failed: colours.red,
		known: colours.yellow,
		broken: colours.magenta,
		skipped: colours.dim,
	}[verdict];
}

/** Returns one line without control characters: output of a guest must not move the cursor of the host. */
export function plain(text: string): string {
	return oneLine(text).replaceAll(/[\u0080-\u009F]/g, '\uFFFD');
}

/** Returns at most `width` characters. A text that was cut ends in `…`. */
export function shorten(text: string, width: number): string {
	const characters = [...plain(text)];
	return characters.length <= width ? characters.join('') : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Puts two texts at the ends of one line of exactly `columns` characters, if they fit. Otherwise shortens the left one. */
export function spread(left: string, right: string, columns: number): {left: string; gap: string; right: string} {
	const kept = shorten(left, Math.max(0, columns - right.length - 1));
	return {left: kept, gap: ' '.repeat(Math.max(1, columns - [...kept].length - right.length)), right};
}
