/** One finding as Markdown: what was expected, the reason, its evidence. Pure. */
import {linkOf} from '../harness/expect/issue.ts';
import type {Diagnosis} from '../harness/model/index.ts';
import {diagnosisLines, evidenceByNode} from './diagnosis.ts';
import {type Finding, wholeText} from './findings.ts';
import {block, code, words} from './gfm.ts';
import {timelineLines} from './path.ts';
import {signs, verdictWords} from './words.ts';

/** Returns the section. */
export function finding(each: Finding): string {
	const {title, file, line, verdict, reason, cells, cases, evidence, otherTries} = each;
	return [
		`### ${signs[verdict]} ${verdictWords[verdict]}: ${words(title)}`,
		`On ${cells.map(cell => code(cell.id)).join(', ')}${file === '' ? '' : `, claimed in ${code(line === undefined ? file : `${file}:${line}`)}`}.`,
		...expectedOf(cases),
		`**${words(reason.message)}**`,
		...(reason.diagnosis ? diagnosis(reason.diagnosis) : []),
		block(wholeText(reason)),
		...(reason.remedy ? [`→ ${words(reason.remedy)}`] : []),
		...(reason.diagnosis?.timeline?.length
			? ['What happened around the failure (UTC):', block(timelineLines(reason.diagnosis.timeline).join('\n'))]
			: []),
		...otherTries.map(one => `Another try, ${one.verdict}:\n\n${block(wholeText(one.reason))}`),
		...(evidence.length > 0 ? [`Evidence, in the run folder:\n${evidenceList(evidence)}`] : []),
	].join('\n\n');
}

/** Returns what was expected, with a link to the report. */
function expectedOf([first]: Finding['cases']): string[] {
	const {expectation} = first ?? {};
	if (!expectation) {
		return [];
	}

	const {relation, issue, because, until} = expectation;
	const link = linkOf(issue);
	const name = link ? `[${words(issue)}](${link})` : words(issue);
	return [
		`${words(relation)}: ${name}${because ? `, ${words(because)}` : ''}${until ? `; to be looked at again from ${words(until)} on` : ''}.`,
	];
}

function diagnosis(of: Diagnosis): string[] {
	const [first = '', ...rest] = diagnosisLines(of);
	return [`**${words(first)}**`, ...(rest.length > 0 ? [block(rest.join('\n'))] : [])];
}

/** Returns one line for each node: its files have the same folder. */
function evidenceList(paths: readonly string[]): string {
	return evidenceByNode(paths)
		.flatMap(({node, files}) =>
			node === ''
				? files.map(({path}) => `- ${code(path)}`)
				: [
						`- ${words(node)}: ${code(files[0]!.path.replace(/[^/]+$/, ''))} ${files.map(({short}) => code(short)).join(' ')}`,
					],
		)
		.join('\n');
}
