/** The text of a scenario file that reproduces a report. Pure. */
import type {Reproduction} from '../model/index.ts';

/** Returns the file. Its claim is written by hand: until then it fails as a mistake of the file, and is broken. */
export function reproductionText({
	issue,
	title,
	steps = [],
	managers,
	workers,
	outsiders = 0,
	expected = 'unknown',
}: Omit<Reproduction, 'expected'> & {title: string; expected?: Reproduction['expected']}): string {
	const fields = [
		`issue: ${quoted(issue)},`,
		...(expected === 'unknown'
			? ["expected: 'unknown',"]
			: [
					`expected: [${expected.map(({fails, because}) => `{fails: ${quoted(fails)}, because: ${quoted(because)}}`).join(', ')}],`,
				]),
		...(managers === 1 ? [] : [`managers: ${managers},`]),
		...(workers === 0 ? [] : [`workers: ${workers},`]),
		...(outsiders === 0 ? [] : [`outsiders: ${outsiders},`]),
		'steps: [',
		...steps.map(step => `\t${quoted(step)},`),
		'],',
	];
	return `/** ${issue}: where it is reported, and since when it is mended. */
import {scenario} from 'swarmlab';

scenario(
	${quoted(title)},
	{
${fields.map(line => `\t\t${line}`).join('\n')}
	},
	async (t, swarm) => {
		// What should hold: the report is reproduced where this fails.
		const seen = await swarm.manager.run('docker node ls');
		t.log(seen);
		throw new Error('The claim is not written yet');
	},
);
`;
}

/** Returns a text as a literal of TypeScript. */
function quoted(text: string): string {
	const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
	return `'${escaped.replaceAll("'", "\\'")}'`;
}
