/** What a command is: a function that adds itself to the program. */
import type {Command} from 'commander';
import type {Outputs} from './outputs.ts';

/**
 * Adds one command. Its action imports what it needs, so that help is quick.
 * @param finish takes the exit code; without a call it is 0.
 */
export type Register = (program: Command, finish: (exitCode: number) => void) => void;

/** Prints progress for a person, to stderr: stdout is only for the answer. */
export function print(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Prints the answer to stdout, for a person or a program. */
export function printAnswer(text: string): void {
	process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints the answer of a command as JSON, for a program: `name` says which one, and so what it has to be. */
export function printJson<Name extends keyof Outputs>(_name: Name, value: Outputs[Name]): void {
	printAnswer(JSON.stringify(value, undefined, '\t'));
}

/** Adds the values of one use of a list option: `--kernel 6.1,6.12 --kernel 5.10`. */
export function collectCsv(text: string, before: string[] = []): string[] {
	return [...before, ...text.split(',').map(word => word.trim())];
}

/** Adds one value of an option whose values may contain commas: `--filter`. */
export function collect(text: string, before: string[] = []): string[] {
	return [...before, text];
}
