/**
 * Detects commands of ours that a machine does not understand: an option that its version does not know, or a program that it
 * does not have. Such an error says nothing about the product, and the next look would fail in the same way.
 */
import {AsyncLocalStorage} from 'node:async_hooks';

/** Messages of programs that do not understand their arguments, and of shells that do not know the program. */
const complaints = [
	/\b(?:invalid|unrecognized|unknown|illegal|unexpected) (?:option|flag|shorthand flag|command)\b/i,
	// At the end of a line "Invalid argument" is the kernel's EINVAL: nsenter prints it for a namespace that is gone.
	/\b(?:invalid|unrecognized|unknown|illegal|unexpected) argument\b(?!\.?$)/i,
	/\boption (?:\S+ )?(?:requires an argument|requires parameter|is unknown)/i,
	/\boption \S+: (?:is unknown|requires parameter)/i,
	/\b(?:applet|command) not found\b/i,
	// dash and busybox: `sh: 1: dig: not found`.
	/^\S+: (?:(?:line )?\d+: )?\S+: not found$/i,
	// ip: `Object "adress" is unknown, try "ip help"`.
	/\b(?:object|command) "\S+" is unknown\b/i,
	/\bis not a docker command\b/i,
	// nsenter, env, busybox: they could not run the program that they were to start.
	/\b(?:failed to execute|can't execute) /i,
	/\bCan't locate \S+\.pm\b/,
	/^\s*usage:/i,
];

/** Returns the first line in which a program reports that it does not understand its arguments; undefined without one. */
export function usageError(output: string): string | undefined {
	const lines = output.split('\n').map(line => line.trim());
	return lines.find(line => complaints.some(complaint => complaint.test(line)));
}

/** Exit codes of a shell that could not run a program (POSIX, Shell Command Language, 2.8.2). */
const notRun = [126, 127];

const looks = new AsyncLocalStorage<{misuse?: string}>();

/** Records in the look around the call that a command was not understood. Called for every command on a machine. */
export function recordMisuse(machine: string, line: string, exitCode: number, output: string): void {
	const look = looks.getStore();
	if (!look || exitCode === 0) {
		return;
	}

	const said = usageError(output) ?? (notRun.includes(exitCode) ? output.trim() || `exit code ${exitCode}` : undefined);
	if (said !== undefined) {
		look.misuse ??= `${machine} does not understand "${line}": ${said}`;
	}
}

/** Runs a look. Returns what it found, and the first command in it that was not understood. */
export async function detectMisuse<T>(look: () => Promise<T>): Promise<{found: T; misuse: string | undefined}> {
	const noted: {misuse?: string} = {};
	const found = await looks.run(noted, look);
	return {found, misuse: noted.misuse};
}
