/** A diagnosis in words, and evidence by node and probe, for all reports. */
import type {Cause, Diagnosis, EvidenceLine} from '../harness/model/index.ts';
import {pathLines} from './path.ts';

/** Returns who is to blame, how sure that is, and public reports: `network, likely; moby#33416`. */
function blameText({blame, confidence, issue, versions}: Cause): string {
	return [`${blame}, ${confidence}`, ...(issue ? [issue] : []), ...(versions ? [versions] : [])].join('; ');
}

/** Returns a line of the evidence with the place where it is. */
function lineText({node, file, text}: EvidenceLine): string {
	return `${file.startsWith(`${node}/`) ? file : `${node}: ${file}`}: ${text}`;
}

/** Returns the lines of a diagnosis, the sentence first. @param withPaths the ways of packets, too; the page draws them */
export function diagnosisLines(diagnosis: Diagnosis, {withPaths = true} = {}): string[] {
	const {sentence, causes, disagreements, ruledOut, next, aside = [], paths = []} = diagnosis;
	return [
		`Diagnosis: ${sentence}`,
		...causes.flatMap((each, at) => [
			...(at > 0 ? [`Also: ${each.cause}`] : []),
			`  ${each.id} (${blameText(each)})`,
			`  → ${each.remedy}`,
			...each.lines.map(line => `  ${lineText(line)}`),
		]),
		...(withPaths ? pathLines(paths) : []),
		...(disagreements.length > 0 ? ['What the managers report is not what every node has:'] : []),
		...disagreements.slice(0, mostDisagreements).map(({says}) => `  ${says}`),
		...(disagreements.length > mostDisagreements ? [`  and ${disagreements.length - mostDisagreements} more`] : []),
		...aside.map(each => `Aside: ${each}`),
		...(causes.length === 0 && ruledOut.length > 0 ? ['Ruled out:', ...ruledOut.map(each => `  ${each}`)] : []),
		...(next.length > 0 && causes.length === 0 ? ['Look at next:', ...next.map(each => `  ${each}`)] : []),
	];
}

/** Returns the sentence and what to do, for a terminal: the files have the lines that show it. */
export function briefLines(diagnosis: Diagnosis | undefined): string[] {
	return diagnosis
		? [`Diagnosis: ${diagnosis.sentence}`, ...diagnosis.causes.map(({id, remedy}) => `→ ${remedy} (${id})`)]
		: [];
}

const mostDisagreements = 10;

/** Evidence files of one node, or of the cell as a whole (`''`). */
export interface EvidenceGroup {
	node: string;
	files: {path: string; short: string}[];
}

/** Groups evidence files by node: `…/evidence/CLAIM/NODE/PROBE.txt`. Other files are the cell's. */
export function evidenceByNode(paths: readonly string[]): EvidenceGroup[] {
	const groups = Map.groupBy(paths, path => /\/evidence\/[^/]+\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? '');
	return [...groups]
		.map(([node, all]) => ({
			node,
			files: all.map(path => ({path, short: node === '' ? path : path.replace(/.*\//, '').replace(/\.txt$/, '')})),
		}))
		.sort((a, b) => a.node.localeCompare(b.node));
}
