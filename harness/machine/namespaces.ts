/** Commands inside the namespaces of others. */

/**
 * Words that run a command with these options of nsenter. What follows `--` is the command's alone: the nsenter of busybox
 * before 1.31 takes the command's own options for its own ("invalid option -- 'c'"), unlike any other.
 */
export function nsenter(options: readonly string[], command: readonly string[]): string[] {
	return ['nsenter', ...options, '--', ...command];
}
