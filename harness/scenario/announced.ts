/** Is what a scenario file announces well said? Told when it is announced, with the file and the line. */
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import {type PlannedScenario, type Reason, scenarioId} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {announceVariable} from './cell.ts';

/** What a field may be. */
export interface Rule {
	valid: string;
	/** Values that a typo is compared with. */
	words?: readonly string[];
	fits: (value: unknown) => boolean;
}

export type Rules<Fields> = {readonly [name in keyof Required<Fields>]: Rule};

/** A whole number in a range, with its unit. */
export function whole(minimum: number, maximum: number): Rule {
	return {
		valid: `a whole number from ${minimum} to ${maximum}`,
		fits: value => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
	};
}

export const trueOrFalse: Rule = {valid: 'true or false', fits: value => typeof value === 'boolean'};

export const seconds: Rule = {
	valid: 'a number of seconds above 0',
	fits: value => typeof value === 'number' && Number.isFinite(value) && value > 0,
};

/** One of some words. */
export function oneOf(words: readonly string[]): Rule {
	return {valid: words.map(quote).join(' or '), words, fits: value => words.includes(value as string)};
}

/** A list of words, any or of some. */
export function listOf(words?: readonly string[]): Rule {
	const isOne = (each: unknown) => typeof each === 'string' && (words?.includes(each) ?? each.trim() !== '');
	return {
		valid: `a list of ${words ? words.map(quote).join(', ') : 'texts'}`,
		fits: value => Array.isArray(value) && value.every(isOne),
	};
}

type Place = Pick<PlannedScenario, 'file' | 'line'>;

/** What is wrong with the arguments of `call`, as `scenario(title, needs, prove)`: a sentence each. */
export function problemsOf(call: string, [title, needs, prove]: readonly unknown[], rules: Rules<object>): string[] {
	const name = `${call.replace(/\(.*/, '')}(${typeof title === 'string' ? quote(title) : '…'})`;
	const say = (problem: string) => `${name}: ${problem}`;
	const problems = typeof title === 'string' ? [] : [say(`title is not a text: ${call}.`)];
	if (typeof needs === 'function') {
		problems.push(say(`needs is missing before the proof: ${call}. Where nothing is needed, it is {}.`));
	} else if (typeof needs !== 'object' || needs === null || Array.isArray(needs)) {
		problems.push(say(`needs is ${needs === undefined ? 'missing' : 'not an object'}: ${call}.`));
	} else {
		problems.push(
			...Object.entries(needs)
				.flatMap(each => problemOf(each, rules) ?? [])
				.map(say),
		);
	}

	if (typeof prove !== 'function' && typeof needs !== 'function') {
		problems.push(say(`${prove === undefined ? 'its body, prove, is missing' : 'prove is not a function'}: ${call}.`));
	}

	return problems;
}

function problemOf([name, value]: [string, unknown], rules: Rules<object>): string | undefined {
	const known = rules as Record<string, Rule>;
	if (!Object.hasOwn(known, name)) {
		const [near] = nearest(name, Object.keys(known), 1);
		return `there is no need '${name}'. ${near ? `Did you mean '${near}'?` : `Valid: ${Object.keys(known).join(', ')}.`}`;
	}

	const {valid, words, fits} = known[name]!;
	if (value === undefined || fits(value)) {
		return undefined;
	}

	const [near] = typeof value === 'string' && words ? nearest(value, words, 1) : [];
	return `${name}: ${quote(value)} is not valid. Valid: ${valid}.${near ? ` Did you mean '${near}'?` : ''}`;
}

/** Places of the scenarios of this process: it may load several files. */
const places = new Map<string, Place>();

/** A title is how results are told apart, so it is there, in one line, and once in a file. */
export function problemsOfTitle({title, ...place}: PlannedScenario): string[] {
	if (typeof title !== 'string') {
		return [];
	}

	const key = scenarioId({file: place.file, title});
	const before = places.get(key);
	places.set(key, place);
	return [
		...(title.trim() === '' ? ['a scenario has an empty title: it is the sentence that is to be proven.'] : []),
		...(/[\r\n]/.test(title) ? [`the title ${JSON.stringify(title)} has more than one line.`] : []),
		...(before ? [`the title ${quote(title)} is there twice; first at ${placeOf(before)}.`] : []),
	];
}

/**
 * Tells what is wrong and returns true where a file only announces; where it is to be proven, throws UsageError.
 * Returns false when nothing is wrong.
 */
export function isRefused(place: Place, problems: readonly string[]): boolean {
	if (problems.length === 0) {
		return false;
	}

	const messages = problems.map(problem => `${placeOf(place)}: ${problem}`);
	if (variable(announceVariable) === undefined) {
		throw new UsageError(messages.join('\n'));
	}

	const {file, line} = place;
	for (const message of messages) {
		const reason: Reason = {message, type: UsageError.name, details: message};
		process.stdout.write(`${JSON.stringify({type: 'problem', problem: {file, line, reason}})}\n`);
	}

	return true;
}

/** As `isRefused`, of a claim: with what is wrong with its title. To be called once for each. */
export function isRefusedClaim(planned: PlannedScenario, problems: readonly string[] = []): boolean {
	return isRefused(planned, [...problems, ...problemsOfTitle(planned)]);
}

function placeOf({file, line}: Place): string {
	return line ? `${file}:${line}` : file;
}

function quote(value: unknown): string {
	const text =
		typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : String(value);
	return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
