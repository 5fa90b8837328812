/** One thing that this host must have, and how it was found. Plain data. */
export interface Check {
	/** What is looked at: `qemu-system-x86_64`, `free disk`. */
	name: string;
	/** `warning` does not keep a run from starting. */
	state: 'ok' | 'missing' | 'warning';
	/** What was found. */
	seen: string;
	/** What it is for, or how much of it is needed. */
	needed: string;
	/** Package of Debian and Ubuntu that brings it, where one does. */
	package?: string;
	/** What to do, where no package brings it. */
	remedy?: string;
}
