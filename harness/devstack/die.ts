/** DevStack's `die`: a call trace, then `[ERROR] FILE:LINE what went wrong`. Pure. */

const frame = /^\S+:\d+:[\w-]+$/;
/** It may stand behind output that had no line end. The `[ERROR]` of a service names no line of a script. */
const error = /(?:^|[^'"])\[ERROR\] (\S*):(\d+) ?(.*)$/;

export const isFrame = (line: string) => frame.test(line);
export const isError = (line: string) => !line.startsWith('+') && error.test(line);

/**
 * Its words on one line, and where. `die_if_not_set` tells the file of the function and the line of its caller
 * (BASH_SOURCE[2] with BASH_LINENO[1]), so its place is taken from the trace, outermost first.
 */
export function wordsOf(line: string, trace: readonly string[]): string {
	const [, file, number, what = line] = error.exec(line) ?? [];
	const caller = trace.find(each => each.endsWith(':die_if_not_set'));
	const place = caller ? caller.replace(/:die_if_not_set$/, '') : file && `${file}:${number}`;
	return place ? `${what} (${shortened(place)})` : what;
}

/** A place without the folder of the tree. */
export const shortened = (place: string) => place.replace(/^.*\/devstack\//, '').replace(/^\.\//, '');
