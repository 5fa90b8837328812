/** What changed since the baseline, for the summary in Markdown. Pure. */
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {code, words} from './gfm.ts';
import {changeGroups, nightlySentence, redText, versionLines} from './nightly.ts';

/** Results of one change that are listed; the page has all. */
const listed = 50;

/** Returns the blocks; none for a run without a baseline. */
export function nightlyBlocks(summary: RunSummary): string[] {
	const {nightly} = summary;
	if (!nightly) {
		return [];
	}

	const groups = changeGroups(summary).map(({change, isRed, results}) => {
		const lines = results
			.slice(0, listed)
			.flatMap(({title, cell, says, cause}) => [
				`- ${words(title)} (${code(cell)}): ${words(says)}`,
				...(cause ? [`  - **${words(cause)}**`] : []),
			]);
		const more = results.length > listed ? [`- ${results.length - listed} more are on the page.`] : [];
		return `**${change}**${isRed ? ', red' : ''}\n\n${[...lines, ...more].join('\n')}`;
	});
	const versions = versionLines(nightly).map(each => `- ${words(each)}`);
	return [
		`## ${words(nightlySentence(nightly))}`,
		`${words(redText(nightly))}.`,
		...groups,
		...(versions.length > 0 ? [`What differs from the baseline:\n\n${versions.join('\n')}`] : []),
		...nightly.notices.map(each => `> ${words(each)}`),
	];
}
