/**
 * Finds the first cause of a failure in the output before stack.sh gave up. The command that failed is the last one in bash's
 * trace (xtrace). The first error message in its output is the cause; later errors follow from it. Pure.
 */
import {isError, isFrame, shortened, wordsOf} from './die.ts';
import {pipFailure} from './pip.ts';
import type {Signature, SignatureContext} from './signature.ts';
import {signatures, usersScript} from './signatures.ts';
import {bashLine, serviceLineOf, type Weight, weigh} from './words.ts';
import {type Call, callOf, keepsBooks, placeOf} from './xtrace.ts';

export interface Cause {
	message: string;
	signature?: Signature;
	/** The line of the log that shows the cause. */
	line: string;
}

/** The output of one command, and the command itself if bash traced it. */
interface Step {
	call?: Call;
	output: string[];
}

/** How many of the last lines are searched: in all, and where bash traced no command. */
const longestReach = 600;
const near = 60;
/** Two errors that are more than this many lines apart are unrelated. */
const gap = 15;
/** How many earlier commands are searched if the output of the last one explains nothing. */
const earlier = 4;

/**
 * Such a message means that a service did not come up. The reason is in the service's own log, not in the output around the
 * message.
 */
const explainsItself =
	/did not (?:start|come up|run|respond|become)|[Ff]ailed to (?:start|become)|is not running|[Dd]idn't find|[Tt]imed? ?out waiting/;

/** Returns the first cause, or undefined if nothing in the output explains the end. */
export function causeOf(lines: readonly string[], trace: readonly string[]): Cause | undefined {
	const [last, ...before] = stepsOf(lines);
	return (
		explained(last!, lines, trace) ??
		ownWords(lines) ??
		causeInOutput(last!, lines) ??
		before
			.slice(0, earlier)
			.reduce<Cause | undefined>((found, step) => found ?? explained(step, lines, trace), undefined)
	);
}

/** Returns the last traced command before stack.sh ended, without the shell's bookkeeping. Undefined if bash traced none. */
export function lastCommand(lines: readonly string[]): string | undefined {
	const call = lines.map(callOf).findLast(each => each && !keepsBooks(each));
	return call && at(call.command.slice(0, 200), call);
}

/** Splits the output at each traced command that can fail. Returns the newest first. */
function stepsOf(lines: readonly string[]): Step[] {
	const steps: Step[] = [];
	let output: string[] = [];
	for (const line of lines.slice(-longestReach).toReversed()) {
		const call = callOf(line);
		if (!call) {
			output.push(...(line.trim() === '' || line === '[Call Trace]' || isFrame(line) ? [] : [line]));
		} else if (!keepsBooks(call)) {
			steps.push({call, output: output.reverse()});
			output = [];
		}
	}

	return [...steps, {output: output.reverse().slice(-near)}];
}

interface Candidate {
	line: string;
	index: number;
	weight: Weight;
	rows: Signature[];
}

function explained({call, output}: Step, lines: readonly string[], trace: readonly string[]): Cause | undefined {
	const around: SignatureContext = {output, lines, command: call?.command};
	const candidates = lastOnes(output.map((line, index) => candidate(line, index, around)));
	const died = candidates.findLast(each => isError(each.line));
	// If a signature explains the error with which stack.sh died, unknown errors before it are unrelated.
	const isNamed = (died?.rows.length ?? 0) > 0;
	const deep = candidates.flatMap(each => each.rows).find(each => each.deep);
	const chosen =
		died && explainsItself.test(died.line)
			? died
			: (candidates.find(each => each.rows.length > 0 || (each.weight === 'error' && !isNamed)) ?? candidates[0]);
	const row = deep ?? chosen?.rows[0];
	const users = isUsers({call, output});
	if (row && !(users && row.blame === 'product')) {
		return known(row, candidates, call);
	}

	if (!chosen) {
		return undefined;
	}

	const {line} = chosen;
	const words = isError(line) ? wordsOf(line, trace) : (bashWords(line) ?? at(pipFailure(output) ?? line.trim(), call));
	return users ? {message: `${usersScript.cause}: ${words}`, signature: usersScript, line} : {message: words, line};
}

function candidate(line: string, index: number, around: SignatureContext): Candidate {
	// A service may log errors and go on. Its lines are searched only if nothing else explains the failure.
	const rows = serviceLineOf(line) ? [] : rowsFor(line, around, index === around.output.length - 1);
	return {line, index, weight: isError(line) ? 'error' : weigh(line), rows};
}

function rowsFor(line: string, around: SignatureContext, isLast: boolean): Signature[] {
	const text = line.trim();
	return signatures.filter(row => row.shows.test(text) && (isLast || !row.last) && (row.when?.(around) ?? true));
}

/** Returns the candidates that stand together at the end. */
function lastOnes(all: readonly Candidate[]): Candidate[] {
	const found = all.filter(each => each.weight !== 'none' || each.rows.length > 0);
	const start = found.findLastIndex((each, at) => at > 0 && each.index - found[at - 1]!.index > gap);
	return found.slice(Math.max(0, start));
}

function known(row: Signature, candidates: readonly Candidate[], call: Call | undefined): Cause {
	const shown = candidates.filter(each => each.rows.includes(row)).map(each => each.line);
	const {quotes} = row;
	const pattern = quotes instanceof RegExp ? quotes : undefined;
	const line = (pattern && shown.find(each => pattern.test(each.trim()))) ?? shown.findLast(isError) ?? shown[0]!;
	const repeated = pattern ? candidates.map(each => each.line).filter(each => pattern.test(each.trim())) : [line];
	const words = [...new Set(repeated.map(each => each.trim().slice(0, 300)))].slice(0, 2).join(' ');
	return {message: quotes && words ? at(`${row.cause}: ${words}`, call) : row.cause, signature: row, line};
}

/** Returns what DevStack itself printed before it returned or exited with an error: the output of a traced `echo '…'`. */
function ownWords(lines: readonly string[]): Cause | undefined {
	const tail = lines.slice(-near);
	const calls = tail.map(callOf);
	const from = calls.findLastIndex(each => each && /^(?:return|exit) [1-9]\d*$/.test(each.command));
	const {func} = calls[from] ?? {};
	for (let index = from - 1; index >= 0; index -= 1) {
		const call = calls[index];
		const next = tail[index + 1];
		if (call && call.func === func && /^echo(?:_summary)? /.test(call.command) && next && /\p{L}{3}/u.test(next)) {
			if (!callOf(next) && unquoted(call.command).includes(next.trim())) {
				return {message: at(next.trim(), call), line: next};
			}
		}
	}

	return undefined;
}

/** Undoes the quoting of bash's trace: `'Didn'\''t'` becomes `Didn't`. */
const unquoted = (command: string) =>
	command.replaceAll("'\\''", '\u0000').replaceAll("'", '').replaceAll('\u0000', "'");

/** Matches prose. Tables, dumps and progress explain nothing by themselves. */
const prose = /^(?![|+{}[\]<#*=-]|\d+%)(?=.*\p{L}{2})/u;

/**
 * Returns a cause from the last command's output if no line of it is a known error: it is in another language, or from a
 * program of its own.
 */
function causeInOutput({call, output}: Step, lines: readonly string[]): Cause | undefined {
	const services = output.map(line => ({line, service: serviceLineOf(line)})).filter(({service}) => service?.words);
	const service =
		services.find(({service}) => service!.level === 'CRITICAL') ??
		services.findLast(({service}) => service!.level === 'ERROR' && weigh(service!.words) === 'error');
	if (service) {
		const {words} = service.service!;
		const [row] = rowsFor(words, {output: [words], lines}, true);
		return row
			? {message: at(`${row.cause}: ${words}`, call), signature: row, line: service.line}
			: {message: at(words, call), line: service.line};
	}

	if (!call) {
		return undefined;
	}

	// `ln: …` in the output of `sudo ln -s …` is the program's complaint, in any language.
	const programs = call.command.split(/\s+/).map(each => each.split('/').at(-1)!);
	const complaint = output.find(line => programs.includes(/^([\w.+-]+): /.exec(line)?.[1] ?? ' '));
	const line =
		complaint ?? output.findLast(each => prose.test(each.trim()) && !serviceLineOf(each) && !/^warning/i.test(each));
	if (line === undefined) {
		return undefined;
	}

	const words = complaint ? line.trim() : `${call.command.slice(0, 120)} said: ${line.trim()}`;
	return isUsers({call, output})
		? {message: `${usersScript.cause}: ${line.trim()}`, signature: usersScript, line}
		: {message: at(words, call), line};
}

function isUsers({call, output}: Step): boolean {
	return [call?.command, call?.file, ...output].some(each => each !== undefined && usersScript.shows.test(each));
}

/** Returns the words of bash's own error, with the place at their end; undefined for other lines. */
function bashWords(line: string): string | undefined {
	const [, file, number, words] = bashLine.exec(line.trim()) ?? [];
	return file === undefined ? undefined : `${words} (${shortened(file)}:${number})`;
}

const at = (words: string, call: Call | undefined) => {
	const place = call && placeOf(call);
	return place ? `${words} (${place})` : words;
};
