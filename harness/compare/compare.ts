/** Compares runs: which claims behave differently, and what in the state of the nodes explains it. Pure but for `evidenceOf`. */
import type {Evidence} from '../model/index.ts';
import {type ClaimComparison, compareClaims, outcomeOf, type Tried} from './claims.ts';
import {type Matchup, type Member, matchUp, type RunRead} from './sides.ts';
import {explain, rank, type StateDifference} from './state.ts';

/** Reads the evidence of a claim on a cell. `problems` are sentences about what cannot be read. */
export type EvidenceReader = (tried: Tried) => {evidence: Evidence[]; problems: string[]};

export interface ComparedClaim extends ClaimComparison {
	/** Only of claims that behave differently. */
	state?: StateDifference;
}

export interface Comparison {
	/** Two cells, or all cells of one run. */
	matchup: Matchup;
	claims: ComparedClaim[];
}

/** So many claims get their state compared: reading the evidence of two sides takes a tenth of a second. */
const mostStates = 20;

/** So many claims that behave alike show what differs in any case. */
const mostAlike = 4;

/**
 * Compares two runs, or the cells of one.
 * @throws UsageError if there is nothing to compare
 */
export function compare(
	runs: readonly RunRead[],
	{
		cells = [],
		filter = [],
		evidenceOf,
	}: {cells?: readonly string[]; filter?: readonly string[]; evidenceOf: EvidenceReader},
): Comparison[] {
	const wanted = ({title}: ClaimComparison) =>
		filter.length === 0 || filter.some(text => title.toLowerCase().includes(text.toLowerCase()));
	return matchUp(runs, cells).map(matchup => {
		let states = 0;
		const claims = compareClaims(matchup)
			.filter(wanted)
			.map((claim): ComparedClaim => {
				const differs = claim.kind === 'verdict' || claim.kind === 'rate' || claim.kind === 'failure';
				if (!differs) {
					return claim;
				}

				states += 1;
				return {...claim, state: states > mostStates ? notCompared : stateOf(claim, evidenceOf)};
			});
		return {matchup, claims};
	});
}

const notCompared: StateDifference = {
	explanations: [],
	alsoAlike: [],
	notes: [`the state is compared for the first ${mostStates} claims; choose others by --filter`],
};

function stateOf(claim: ClaimComparison, evidenceOf: EvidenceReader): StateDifference {
	const notes: string[] = [];
	const read = (tried: readonly Tried[]) =>
		tried.flatMap(each => {
			const {evidence, problems} = evidenceOf(each);
			notes.push(...problems);
			return hasOwnKernel(each) ? evidence : evidence.map(withoutKernelLog);
		});
	const [a, b] = [read(claim.a), read(claim.b)];
	const without = [a.length === 0 ? 'A' : '', b.length === 0 ? 'B' : ''].filter(Boolean);
	if (without.length > 0) {
		notes.push(
			`the state was not compared: side ${without.join(' and side ')} has no evidence of this claim (it is taken of claims that pass with --evidence always)`,
		);
		return {explanations: [], alsoAlike: [], notes};
	}

	const alike = alikeIds(claim).flatMap(id => {
		const [ofA, ofB] = [read(triedOf(claim.a, id)), read(triedOf(claim.b, id))];
		return ofA.length > 0 && ofB.length > 0 ? explain(ofA, ofB) : [];
	});
	return {...rank(explain(a, b), alike), notes};
}

/** Nodes without a kernel of their own read the log of one that others use, too. */
function hasOwnKernel({member}: Tried): boolean {
	return member.cell.cell.nodes.every(({kernel}) => kernel.source.type !== 'host');
}

function withoutKernelLog(evidence: Evidence): Evidence {
	return {...evidence, sections: evidence.sections.filter(({probe}) => probe !== 'kernel-log')};
}

/** Returns claims that come out the same in all of these cells, and of which there is evidence. */
function alikeIds(claim: ClaimComparison): string[] {
	const members = [...claim.a, ...claim.b].map(({member}) => member);
	const [first] = members;
	const candidates = first?.cell.cases.filter(
		({id, file, evidence}) => id !== claim.id && file !== '' && evidence.length > 0,
	);
	return (candidates ?? [])
		.filter(candidate =>
			members.every(member => {
				const its = caseOf(member, candidate.id);
				return its !== undefined && its.evidence.length > 0 && outcomeOf(its) === outcomeOf(candidate);
			}),
		)
		.slice(0, mostAlike)
		.map(({id}) => id);
}

function caseOf(member: Member, id: string) {
	return member.cell.cases.find(each => each.id === id);
}

function triedOf(tried: readonly Tried[], id: string): Tried[] {
	return tried.flatMap(({member}) => {
		const its = caseOf(member, id);
		return its ? [{member, case: its}] : [];
	});
}
