/** Checks the claims that a scenario file announces. Problems are reported at the announcement, with file and line. */
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import {type PlannedScenario, type Reason, scenarioId} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {announceVariable} from './cell.ts';

/** The valid values of one field. */
export interface Rule {
	valid: string;
	/** Valid words; an invalid word is compared with them, for `Did you mean`. */
	words?: readonly string[];
	fits: (value: unknown) => boolean;
}

export type Rules<Fields> = {readonly [name in keyof Required<Fields>]: Rule};

/** Returns a rule: a whole number in a range. */
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

/** Returns a rule: one of these words. */
export function oneOf(words: readonly string[]): Rule {
	return {valid: words.map(quote).join(' or '), words, fits: value => words.includes(value as string)};
}

/** Returns a rule: a list of texts, either any texts or only these words. */
export function listOf(words?: readonly string[]): Rule {
	const isOne = (each: unknown) => typeof each === 'string' && (words?.includes(each) ?? each.trim() !== '');
	return {
		valid: `a list of ${words ? words.map(quote).join(', ') : 'texts'}`,
		fits: value => Array.isArray(value) && value.every(isOne),
	};
}

type Place = Pick<PlannedScenario, 'file' | 'line'>;

/** Returns what is wrong with the arguments of `call` (such as `scenario(title, needs, prove)`), one sentence each. */
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

/** Where each scenario of this process is declared. A process may load several files. */
const places = new Map<string, Place>();

/** Returns what is wrong with a title. It identifies a result: it must not be empty, has one line and is unique in its file. */
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
 * Returns false when there are no problems. Otherwise it reports them to the harness and returns true when the file only
 * announces, and throws UsageError when the scenarios run.
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

/** Does the same as `isRefused` for a claim, and checks its title too. Call it once for each claim. */
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
