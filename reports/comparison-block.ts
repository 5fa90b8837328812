/** A comparison as Markdown to paste into a report. Pure. */
import type {ComparedClaim, Comparison} from '../harness/compare/compare.ts';
import {counted} from '../harness/record/counted.ts';
import {
	commonLines,
	differing,
	explanationTitle,
	factText,
	headOf,
	metricText,
	outcomeText,
	usualLines,
} from './comparison.ts';
import {block, table, words} from './gfm.ts';

const mostExplanations = 4;
const mostFacts = 12;

/** Returns the block. It ends in a line end. */
export function comparisonBlock(comparisons: readonly Comparison[]): string {
	return `${comparisons.flatMap(partsOf).join('\n\n')}\n`;
}

function partsOf(comparison: Comparison): string[] {
	const differences = differing(comparison);
	return [
		block(headOf(comparison).join('\n')),
		`${counted(differences.length, 'claim')} of ${comparison.claims.length} ${differences.length === 1 ? 'differs' : 'differ'}.`,
		...differences.flatMap(claimParts),
	];
}

function claimParts(claim: ComparedClaim): string[] {
	const rows = (side: string, tried: ComparedClaim['a']) =>
		tried.length === 0
			? [[side, '', 'not there']]
			: tried.map(each => [side, words(each.member.cell.cell.id), words(outcomeText(each))]);
	const {state, metrics} = claim;
	const explanations = state?.explanations.slice(0, mostExplanations) ?? [];
	return [
		`#### ${words(claim.title)}`,
		table([['', 'cell', 'result'], ...rows('A', claim.a), ...rows('B', claim.b)]),
		...commonLines(claim).map(words),
		...metrics.filter(({says}) => says === 'differs').map(each => `- ${words(metricText(each))}`),
		...(explanations.length > 0
			? [
					'State that separates them, the shortest explanation first (A | B):',
					block(
						explanations
							.flatMap(each => [
								explanationTitle(each),
								...each.facts.slice(0, mostFacts).map(fact => `  ${factText(fact, each)}`),
								...(each.facts.length > mostFacts ? [`  … ${each.facts.length - mostFacts} more`] : []),
							])
							.join('\n'),
					),
				]
			: []),
		...usualBlock(usualLines(state?.alsoAlike ?? [])),
		...[...new Set(state?.notes)].map(note => `Note: ${words(note)}.`),
	];
}

function usualBlock([title, ...lines]: readonly string[]): string[] {
	return title === undefined ? [] : [title, block(lines.join('\n'))];
}
