/** DevStack's `die`: a call trace, then `[ERROR] FILE:LINE what went wrong`. Pure. */

const frame = /^\S+:\d+:[\w-]+$/;
/** Output without a line end may precede it. A service's `[ERROR]` has no line of a script, so it does not match. */
const error = /(?:^|[^'"])\[ERROR\] (\S*):(\d+) ?(.*)$/;

export const isFrame = (line: string) => frame.test(line);
export const isError = (line: string) => !line.startsWith('+') && error.test(line);

/**
 * Returns the message of the error on one line, with its place. `die_if_not_set` prints the file of the function and the line
 * of its caller (BASH_SOURCE[2] with BASH_LINENO[1]), so its place is taken from the trace, outermost frame first.
 */
export function wordsOf(line: string, trace: readonly string[]): string {
	const [, file, number, what = line] = error.exec(line) ?? [];
	const caller = trace.find(each => each.endsWith(':die_if_not_set'));
	const place = caller ? caller.replace(/:die_if_not_set$/, '') : file && `${file}:${number}`;
	return place ? `${what} (${shortened(place)})` : what;
}

/** Returns a place without the folder of the tree. */
export const shortened = (place: string) => place.replace(/^.*\/devstack\//, '').replace(/^\.\//, '');
