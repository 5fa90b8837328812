/** Commands in the namespaces of other processes. */

/**
 * Returns the words that run a command with these options of nsenter. The `--` is needed: without it, the nsenter of busybox
 * before 1.31 takes the command's options as its own ("invalid option -- 'c'"), unlike any other nsenter.
 */
export function nsenter(options: readonly string[], command: readonly string[]): string[] {
	return ['nsenter', ...options, '--', ...command];
}
