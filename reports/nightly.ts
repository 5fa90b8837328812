/** The verdict of a run against its baseline, in words for all reports. Pure. */
import {changeNames, typedChange} from '../harness/expect/fail-on.ts';
import {
	type Attribution,
	type Change,
	type ChangedResult,
	type NightlyVerdict,
	scenarioId,
} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** A change with its results, and with where they come from, as far as that is known. */
export interface ChangeGroup {
	change: Change;
	/** Whether it makes the exit code red. */
	isRed: boolean;
	results: (ChangedResult & {cause?: string})[];
}

/** Returns the answer in one sentence: `1 new, 2 fixed since 2026-11-26T02-00-00-aa`. */
export function nightlySentence({baseline, asked, changes}: NightlyVerdict): string {
	const since = baseline
		? `since the run ${baseline.run} of ${dayOf(baseline.startedAt)}`
		: `without a baseline (${asked}: there is none yet)`;
	const counts = changeNames.flatMap(change => {
		const number = changes.filter(each => each.change === change).length;
		return number > 0 ? [`${number} ${change}`] : [];
	});
	if (counts.length > 0) {
		return `${counts.join(', ')} ${since}`;
	}

	return baseline ? `Nothing changed ${since}` : `Nothing to compare with: ${asked} names no run yet`;
}

function dayOf(at: string): string {
	return at.slice(0, 16).replace('T', ' ') || 'an unknown day';
}

/** Returns the changes that there are, the most important first. */
export function changeGroups({nightly, attributions = []}: RunSummary): ChangeGroup[] {
	const {changes = [], failOn = []} = nightly ?? {};
	return changeNames.flatMap(change => {
		const results = changes.filter(each => each.change === change);
		const withCause = results.map(each => {
			const cause = causeOf(each, attributions);
			return {...each, ...(cause && {cause})};
		});
		return results.length > 0 ? [{change, isRed: failOn.includes(change), results: withCause}] : [];
	});
}

function causeOf({cell, file, title}: ChangedResult, attributions: readonly Attribution[]): string | undefined {
	const found = attributions.findLast(each => each.cell === cell && each.file === file && each.title === title);
	return found && attributionText(found);
}

function attributionText({sentence, points}: Attribution): string {
	const runs = points.filter(({folder}) => folder !== undefined);
	const tries = runs.reduce((sum, {failed, passed, undecided}) => sum + failed + passed + undecided, 0);
	const seconds = runs.reduce((sum, each) => sum + each.seconds, 0);
	return runs.length === 0
		? sentence
		: `${sentence} (${counted(tries, 'further try', 'further tries')}, ${seconds.toFixed(0)} s)`;
}

/** Returns what differs in what is under test, a line for each difference. */
export function versionLines({versions}: NightlyVerdict): string[] {
	return versions.map(({cell, axis, before, now}) => `${axis}${cell === '' ? '' : ` of ${cell}`}: ${before} → ${now}`);
}

/** `exit code 1: new, broken are red`. */
export function redText({failOn}: NightlyVerdict): string {
	return failOn.length === 0 ? 'no change is red' : `red: ${failOn.map(typedChange).join(', ')}`;
}

/** Returns what changed on a cell, by the id of the case: `new: …`, and what it comes from. */
export function changesIn(summary: RunSummary, cell: string): Map<string, string[]> {
	const texts = new Map<string, string[]>();
	for (const {change, results} of changeGroups(summary)) {
		for (const {file, title, says, cause} of results.filter(each => each.cell === cell)) {
			const id = scenarioId({file, title});
			texts.set(id, [...(texts.get(id) ?? []), `${change}: ${says}`, ...(cause ? [cause] : [])]);
		}
	}

	return texts;
}

/** Returns the verdict as properties of a suite; none for a run without a baseline. */
export function nightlyFacts({nightly}: RunSummary): Record<string, string> {
	return nightly
		? {
				verdict: nightlySentence(nightly),
				'verdict.baseline': nightly.baseline?.run ?? 'none',
				'verdict.red': nightly.failOn.map(typedChange).join(', '),
			}
		: {};
}
