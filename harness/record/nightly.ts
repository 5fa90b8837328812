/** What a record must have of the verdict of a run against its baseline. */
import type {Attribution, AxisPoint, Change, ChangedResult, NightlyVerdict, VersionChange} from '../model/index.ts';
import {list, number, object, oneOf, optional, text} from '../shape.ts';

const axis = oneOf('host', 'engine', 'kernel', 'variant', 'scenario', 'swarmlab');

/** A change that is lost counts as broken: nothing gets greener by damage. */
const change = oneOf<Change>(
	...([
		'broken',
		'new',
		'slower',
		'flaky',
		'still failing',
		'newly skipped',
		'newly missing',
		'known',
		'fixed',
	] as const),
);

export const verdict = object<NightlyVerdict>({
	baseline: optional(object({run: text(), startedAt: text('')})),
	asked: text(),
	failOn: list(change),
	changes: list(
		object<ChangedResult>({
			change,
			cell: text(''),
			file: text(''),
			title: text(),
			says: text(''),
			failed: optional(number),
			decided: optional(number),
			issue: optional(text()),
			until: optional(text()),
		}),
	),
	versions: list(object<VersionChange>({cell: text(''), axis, before: text(), now: text()})),
	notices: list(text()),
});

export const attribution = object<Attribution>({
	cell: text(''),
	file: text(''),
	title: text(),
	axes: list(axis),
	sentence: text(''),
	points: list(
		object<AxisPoint>({
			...{now: list(axis), failed: number, passed: number, undecided: number, seconds: number},
			folder: optional(text()),
		}),
	),
});
