/**
 * All errors of swarmlab: what went wrong, where, and what to do. Imports only called.ts. Any other error is a defect of
 * swarmlab (or, in a scenario, an assertion).
 */
import {asTyped} from './called.ts';

interface Options {
	/** What to do about it, one sentence. Write commands as `swarmlab COMMAND`; asTyped() replaces that where it is shown. */
	remedy?: string | undefined;
	cause?: unknown;
}

/** Base class: the harness could not do its work. In a scenario the verdict is `broken`, never `failed`. */
export class HarnessError extends Error {
	readonly remedy: string | undefined;
	constructor(message: string, options: Options = {}) {
		super(message, options.cause === undefined ? undefined : {cause: options.cause});
		this.name = new.target.name;
		this.remedy = options.remedy;
	}
}

/** The command line or the config file is wrong. Exit code 64. */
export class UsageError extends HarnessError {}

/** This host cannot run swarmlab in its present state; the remedy is a command to copy. Exit code 69. */
export class HostError extends HarnessError {}

/** A kernel, an engine or a root filesystem could not be found, fetched or built. */
export class ArtifactError extends HarnessError {}

/** A machine did not come up, went away or could not be reached. */
export class MachineError extends HarnessError {
	readonly machine: string;
	/** Last lines of its serial console, where there are any. */
	readonly consoleTail: string[];
	constructor(machine: string, message: string, options: Options & {consoleTail?: string[]} = {}) {
		super(`${machine}: ${message}`, options);
		this.machine = machine;
		this.consoleTail = options.consoleTail ?? [];
	}
}

/** A command on a machine (or on this host) did not end as expected. */
export class CommandError extends HarnessError {
	readonly exitCode: number | undefined;
	readonly output: string;
	constructor(message: string, result: {exitCode?: number | undefined; output: string}, options: Options = {}) {
		super(message, options);
		this.exitCode = result.exitCode;
		this.output = result.output;
	}
}

/**
 * The harness waited for something of its own, which did not happen in time. The message has what, how long, and what was
 * seen last.
 */
export class WaitError extends HarnessError {
	readonly lastSeen: string;
	constructor(description: string, seconds: number, lastSeen: string, options: Options = {}) {
		super(`Waited ${seconds.toFixed(1)} s until ${description}. Last seen: ${lastSeen}`, options);
		this.lastSeen = lastSeen;
	}
}

/** The product did not do in time what it promises. Not a HarnessError: in a scenario the verdict is `failed`. */
export class NotProvenError extends Error {
	readonly lastSeen: string;
	constructor(description: string, seconds: number, lastSeen: string, options: {cause?: unknown} = {}) {
		super(`Waited ${seconds.toFixed(1)} s until ${description}. Last seen: ${lastSeen}`, options);
		this.name = 'NotProvenError';
		this.lastSeen = lastSeen;
	}
}

/**
 * An engine answered with an error. Not a HarnessError: from status 500 on the engine could not do what was asked (in a
 * scenario the verdict is `failed`); below 500 our request was wrong (`broken`).
 */
export class EngineError extends Error {
	/** HTTP status. */
	readonly status: number;
	/** The engine's full error message. */
	readonly answer: string;
	constructor(machine: string, what: string, status: number, answer: string, options: {cause?: unknown} = {}) {
		super(`${machine}: ${what}: the engine answered ${status}: ${answer}`, options);
		this.name = 'EngineError';
		this.status = status;
		this.answer = answer;
	}
}

/** A cell or a scenario that cannot be tested here, with the reason; the verdict is `skipped`. */
export class NotApplicable extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'NotApplicable';
	}
}

/**
 * The product refuses the variant of a node: an engine does not start with it, does not form a swarm with it, or the kernel
 * cannot be without a module. The verdict of the cell is what the variant says.
 */
export class VariantRefused extends NotApplicable {
	readonly verdict: 'skipped' | 'failed';
	constructor(message: string, verdict: 'skipped' | 'failed' = 'skipped') {
		super(message);
		this.name = 'VariantRefused';
		this.verdict = verdict;
	}
}

const writing: readonly [codes: readonly string[], remedy: (place: string) => string][] = [
	[['ENOSPC', 'EDQUOT'], place => `Make room on the disk of ${place}`],
	[['EACCES', 'EPERM'], place => `Let this user write to ${place}, or use a place that it may write to`],
	[['EROFS'], place => `Use another place than ${place}, whose file system cannot be written to`],
	[
		['ENOTDIR', 'EEXIST', 'EISDIR'],
		place => `Use another place than ${place}: a file is where a folder is wanted, or the other way round`,
	],
	[['ENOENT'], place => `Make the folder ${place}`],
];

/**
 * Returns what to do about a failed write, by its error code: make room, get the right to write, or use another place. The
 * text is the beginning of a sentence.
 */
export function remedyOfWriting(error: unknown, place: string): string {
	const {code} = (error ?? {}) as NodeJS.ErrnoException;
	const [, remedy] = writing.find(([codes]) => codes.includes(code ?? '')) ?? [];
	return remedy?.(place) ?? `Look why ${place} cannot be written to`;
}

/**
 * Joins problems into one text: a heading, then one line per problem, without duplicates. A single problem without a heading
 * is returned as it is.
 */
export function listed(problems: readonly string[], heading?: string): string {
	const different = [...new Set(problems)];
	const title = heading ?? `${different.length} things are wrong:`;
	const lines = different.map(problem => `  ${problem.replaceAll('\n', '\n  ')}`);
	return different.length > 1 || heading ? [title, ...lines].join('\n') : different.join('');
}

/** Returns an error as the user sees it: its message, its cause and, if it has one, its remedy. */
export function explain(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}

	const remedy = error instanceof HarnessError && error.remedy ? `\n  → ${asTyped(error.remedy)}` : '';
	// Leave out a cause that the message contains already.
	const because = error.cause instanceof Error && !error.message.includes(error.cause.message);
	const cause = because ? `\n  because: ${(error.cause as Error).message}` : '';
	return `${error.message}${cause}${remedy}`;
}

/**
 * Converts an error for the record: its first line, its class, and the text that the user sees. Of an error that is not a
 * HarnessError the record keeps the stack.
 */
export function reasonOf(error: unknown): {message: string; type: string; details: string; remedy?: string} {
	if (!(error instanceof Error)) {
		return {message: String(error), type: 'Error', details: String(error)};
	}

	const remedy = error instanceof HarnessError ? error.remedy : undefined;
	return {
		message: error.message.split('\n')[0]!,
		type: error.name,
		details: error instanceof HarnessError ? explain(error) : (error.stack ?? error.message),
		...(remedy !== undefined && {remedy: asTyped(remedy)}),
	};
}
