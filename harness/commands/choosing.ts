/** The options that choose scenarios by their titles or by the last run, and those that end a run early. */
import type {Command} from 'commander';
import {UsageError} from '../errors.ts';
import type {PlannedScenario} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import type {EndingEarly} from '../run/ending-early.ts';
import {collect, collectCsv} from './command.ts';

export interface ChoosingFlags {
	filter?: string[];
	grep?: string[];
	grepInvert?: string[];
	tag?: string[];
	skipTag?: string[];
	lastFailed?: boolean;
	maxFailures?: string;
	untilFailure?: boolean;
}

export function addChoosingOptions(command: Command): Command {
	return command
		.option('--filter <text>', 'only scenarios whose title contains this; may be repeated', collect)
		.option('--grep <regex>', 'only scenarios whose title matches this regular expression; may be repeated', collect)
		.option('--grep-invert <regex>', 'no scenarios whose title matches this; may be repeated', collect)
		.option('--tag <tags>', 'only scenarios with one of these tags (smoke,dns)', collectCsv)
		.option('--skip-tag <tags>', 'no scenarios with one of these tags', collectCsv)
		.option('--last-failed', 'only what failed or was broken in the last run, on the cells on which it was')
		.option('--max-failures <n>', 'end the run after so many failures; what was not reached is reported as such')
		.option('--until-failure', 'repeat until something fails, at most --repeat times (1000)');
}

/** Returns whether scenarios are chosen by more than their files, so that a file may hold others. */
export function isChosen({grep = [], grepInvert = [], tag = [], skipTag = [], lastFailed}: ChoosingFlags): boolean {
	return grep.length + grepInvert.length + tag.length + skipTag.length > 0 || lastFailed === true;
}

/** Returns the first option that chooses scenarios by more than their files. */
export function firstChoice(flags: ChoosingFlags): string | undefined {
	const given: [option: string, isGiven: boolean][] = [
		['--filter', (flags.filter ?? []).length > 0],
		['--grep', (flags.grep ?? []).length > 0],
		['--grep-invert', (flags.grepInvert ?? []).length > 0],
		['--tag', (flags.tag ?? []).length > 0],
		['--skip-tag', (flags.skipTag ?? []).length > 0],
		['--last-failed', flags.lastFailed === true],
	];
	return given.find(([, isGiven]) => isGiven)?.[0];
}

/**
 * Returns the scenarios whose title matches one of `--grep`, and none of `--grep-invert`. Case does not count, as for
 * `--filter`.
 * @throws UsageError for an expression that does not parse, or when no scenario is left
 */
export function chooseByGrep(
	scenarios: readonly PlannedScenario[],
	{grep = [], grepInvert = []}: ChoosingFlags,
): PlannedScenario[] {
	const wanted = grep.map(text => expression('--grep', text));
	const unwanted = grepInvert.map(text => expression('--grep-invert', text));
	const chosen = scenarios.filter(
		({title}) =>
			(wanted.length === 0 || wanted.some(each => each.test(title))) && !unwanted.some(each => each.test(title)),
	);
	if (scenarios.length > 0 && chosen.length === 0) {
		const words = [...grep.map(text => `--grep '${text}'`), ...grepInvert.map(text => `--grep-invert '${text}'`)];
		throw new UsageError(`${words.join(' and ')} leave no scenario of ${scenarios.length}.`, {
			remedy: 'swarmlab plan lists the titles.',
		});
	}

	return chosen;
}

/**
 * Returns the scenarios that have one of `--tag`, and none of `--skip-tag`.
 * @throws UsageError for a tag that none of them has, with the tags that there are, or when no scenario is left
 */
export function chooseByTag(
	scenarios: readonly PlannedScenario[],
	{tag = [], skipTag = []}: ChoosingFlags,
): PlannedScenario[] {
	const all = [...new Set(scenarios.flatMap(({tags = []}) => tags))].sort();
	for (const [option, given] of [
		['--tag', tag],
		['--skip-tag', skipTag],
	] as const) {
		const unknown = given.filter(each => !all.includes(each));
		if (scenarios.length > 0 && unknown.length > 0) {
			const near = unknown.flatMap(each => nearest(each, all, 1));
			throw new UsageError(
				`${option}: no scenario has the tag ${unknown.map(each => `'${each}'`).join(', ')}.${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
				{
					remedy:
						all.length > 0
							? `The tags there are: ${all.join(', ')}`
							: 'No scenario has a tag: tags in its needs gives it some.',
				},
			);
		}
	}

	const has = ({tags = []}: PlannedScenario, wanted: readonly string[]) => wanted.some(each => tags.includes(each));
	const chosen = scenarios.filter(each => (tag.length === 0 || has(each, tag)) && !has(each, skipTag));
	if (scenarios.length > 0 && chosen.length === 0) {
		throw new UsageError(`The tags leave no scenario of ${scenarios.length}.`, {
			remedy: 'swarmlab plan lists the scenarios with their tags.',
		});
	}

	return chosen;
}

function expression(option: string, text: string): RegExp {
	if (text.trim() === '') {
		throw new UsageError(`${option}: '${text}' chooses nothing.`, {remedy: `Leave ${option} out.`});
	}

	try {
		return new RegExp(text, 'iu');
	} catch (error) {
		throw new UsageError(`${option}: '${text}' is no regular expression: ${(error as Error).message}.`, {
			remedy: 'For a plain text use --filter.',
		});
	}
}

/** As many as `--repeat` takes. */
export const mostRepetitions = 1000;

/** Returns when the run is to end early. Throws UsageError for a number of failures that is none. */
export function earlyEndOf({maxFailures, untilFailure}: ChoosingFlags): EndingEarly {
	if (maxFailures !== undefined && !/^[1-9]\d{0,5}$/.test(maxFailures)) {
		throw new UsageError(`--max-failures: '${maxFailures}' is not valid. Valid: a whole number from 1 to 999999.`, {
			remedy: 'swarmlab run --help',
		});
	}

	return {...(maxFailures !== undefined && {maxFailures: Number(maxFailures)}), ...(untilFailure && {untilFailure})};
}
