/**
 * A command of ours that a machine does not understand: an option that its version does not know, a program that it does
 * not have. It says nothing about the product, and the next look would not be understood either.
 */
import {AsyncLocalStorage} from 'node:async_hooks';

/** How programs say that they do not know what they were called with, and shells that they do not know the program. */
const complaints = [
	/\b(?:invalid|unrecognized|unknown|illegal|unexpected) (?:option|flag|shorthand flag|command)\b/i,
	// At the end of a line "Invalid argument" is the kernel's EINVAL: nsenter says it of a namespace that has gone.
	/\b(?:invalid|unrecognized|unknown|illegal|unexpected) argument\b(?!\.?$)/i,
	/\boption (?:\S+ )?(?:requires an argument|requires parameter|is unknown)/i,
	/\boption \S+: (?:is unknown|requires parameter)/i,
	/\b(?:applet|command) not found\b/i,
	// dash and busybox: `sh: 1: dig: not found`.
	/^\S+: (?:(?:line )?\d+: )?\S+: not found$/i,
	// ip: `Object "adress" is unknown, try "ip help"`.
	/\b(?:object|command) "\S+" is unknown\b/i,
	/\bis not a docker command\b/i,
	// nsenter, env, busybox: the program behind them.
	/\b(?:failed to execute|can't execute) /i,
	/\bCan't locate \S+\.pm\b/,
	/^\s*usage:/i,
];

/** The first line in which a program says that it does not understand how it was called; undefined when none does. */
export function usageError(output: string): string | undefined {
	const lines = output.split('\n').map(line => line.trim());
	return lines.find(line => complaints.some(complaint => complaint.test(line)));
}

/** Exit codes by which a shell says that it could not run a program (POSIX, Shell Command Language, 2.8.2). */
const notRun = [126, 127];

const looks = new AsyncLocalStorage<{misuse?: string}>();

/** Every command that was run on a machine comes by here: the look around it is told when it was not understood. */
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

/** Runs a look, and says which command in it, if any, was not understood. */
export async function detectMisuse<T>(look: () => Promise<T>): Promise<{found: T; misuse: string | undefined}> {
	const noted: {misuse?: string} = {};
	const found = await looks.run(noted, look);
	return {found, misuse: noted.misuse};
}
