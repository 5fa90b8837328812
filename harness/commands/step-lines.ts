/** The steps of a report as commands for the hand. Pure. */
import {type NamedMachine, stepOn} from '../expect/step.ts';
import type {PlannedScenario} from '../model/index.ts';

/** Returns the commands that do the steps on machines that are up, and the claim to look at after them. */
export function stepLines(scenarios: readonly PlannedScenario[], machines: readonly NamedMachine[]): string[] {
	return scenarios.flatMap(({title, file, reproduction}) => {
		const {issue = file, steps = []} = reproduction ?? {};
		return [
			`Steps of ${issue}:`,
			...steps.flatMap(step => commandsOf(step, machines)),
			...(steps.length === 0 ? [`  none: what it does is in ${file}`] : []),
			`Then look whether it holds, as ${file} does: ${title}`,
		];
	});
}

function commandsOf(step: string, machines: readonly NamedMachine[]): string[] {
	const marks: string[] = [];
	// The shell of the user reads a file of a node, and puts its content between the quotes.
	const read = (node: string, file: string) => {
		marks.push(`'"$(swarmlab exec ${node} -- cat ${file})"'`);
		return `\u0000${marks.length - 1}\u0000`;
	};
	return stepOn(step, machines, read).map(({node, commands}) => {
		const quoted = commands
			.replaceAll("'", String.raw`'\''`)
			// biome-ignore lint/suspicious/noControlCharactersInRegex: no command has this character
			.replaceAll(/\u0000(\d+)\u0000/g, (_, index: string) => marks[Number(index)]!);
		return `  swarmlab exec ${node} -- sh -c '${quoted}'`;
	});
}
