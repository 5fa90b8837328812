/** One requirement of this host, and whether it is met. Plain data. */
export interface Check {
	/** Subject of the check: `qemu-system-x86_64`, `free disk`. */
	name: string;
	/** A run starts in spite of a `warning`. */
	state: 'ok' | 'missing' | 'warning';
	/** What was found. */
	seen: string;
	/** What it is for, or how much of it is needed. */
	needed: string;
	/** Package of Debian and Ubuntu that contains it, if there is one. */
	package?: string;
	/** What to do if no package contains it. */
	remedy?: string;
}
