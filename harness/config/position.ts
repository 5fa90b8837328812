/** Finds the line of a user's file that an error came from. Pure. */

/**
 * Returns `file:line` if the error's stack has a line of that file, else the file alone. Node puts the position of a syntax
 * error in front of the stack, and that of a throw in the first frame of the file.
 */
export function positionIn(error: unknown, file: string): string {
	const stack = error instanceof Error ? (error.stack ?? '') : '';
	const line = lineIn(stack, file);
	return line === undefined ? file : `${file}:${line}`;
}

/** Returns the first line number of `file` in a stack. */
export function lineIn(stack: string, file: string): number | undefined {
	const at = stack
		.split('\n')
		.map(row => row.split(file)[1])
		// Between path and line there may be a query, which makes Node import the file again.
		.map(rest => /^(?:\?[\d.]+)?:(\d+)/.exec(rest ?? '')?.[1])
		.find(found => found !== undefined);
	return at === undefined ? undefined : Number(at);
}
