/** The steps of a report as commands for the hand. Pure. */
import {stepOn} from '../expect/step.ts';
import type {PlannedScenario} from '../model/index.ts';

/** Returns the commands that do the steps on machines that are up, and the claim to look at after them. */
export function stepLines(
	scenarios: readonly PlannedScenario[],
	machines: readonly {name: string; address: string}[],
): string[] {
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

function commandsOf(step: string, machines: readonly {name: string; address: string}[]): string[] {
	const {names, commands} = stepOn(step, machines);
	return names.map(name => `  swarmlab exec ${name} -- sh -c '${commands.replaceAll("'", String.raw`'\''`)}'`);
}
