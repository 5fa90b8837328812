/** Text that is safe on a terminal, and as wide as it may be. */

import picocolors from 'picocolors';
import type {Verdict} from '../harness/model/index.ts';
import {oneLine} from './names.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Colours if the stream is a terminal and NO_COLOR is not set (no-color.org), or if FORCE_COLOR is. */
export function coloursFor(stream: {isTTY?: boolean}, environment: NodeJS.ProcessEnv = process.env): Colours {
	return picocolors.createColors(!environment.NO_COLOR && (Boolean(environment.FORCE_COLOR) || stream.isTTY === true));
}

/** The colour of each verdict: red is the product's, magenta is ours. */
export function colourOf(verdict: Verdict, colours: Colours): (text: string) => string {
	return {passed: colours.green, failed: colours.red, broken: colours.magenta, skipped: colours.dim}[verdict];
}

/** One line without anything that a terminal obeys: what a guest says must not move the cursor of the host. */
export function plain(text: string): string {
	return oneLine(text).replaceAll(/[\u0080-\u009F]/g, '\uFFFD');
}

/** At most `width` characters; what is cut off ends in `…`. */
export function shorten(text: string, width: number): string {
	const characters = [...plain(text)];
	return characters.length <= width ? characters.join('') : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Left and right on one line of exactly `columns` characters where they fit; the left one gives way. */
export function spread(left: string, right: string, columns: number): {left: string; gap: string; right: string} {
	const kept = shorten(left, Math.max(0, columns - right.length - 1));
	return {left: kept, gap: ' '.repeat(Math.max(1, columns - [...kept].length - right.length)), right};
}
