/** Does the steps of a scenario on its machines, in order. What they print is in the log of the result. */
import {filesIn, stepOn} from '../expect/step.ts';
import type {Machine} from '../machine/index.ts';

/** Characters of a step's output that the log has. */
const shownCharacters = 4000;

/**
 * Does the steps. On the nodes of one step they run at once.
 * @param limit seconds that one step may take; the limit of the proof ends it, too
 * @throws CommandError for a step that fails: then nothing is known of the claim
 */
export async function doSteps(
	steps: readonly string[],
	machines: readonly Machine[],
	{limit, log}: {limit: number; log: (line: string) => void},
): Promise<void> {
	for (const step of steps) {
		const contents = new Map<string, string>();
		for (const {node, file} of filesIn(step)) {
			contents.set(`${node}:${file}`, (await named(machines, node).run(['cat', file])).trim());
		}

		const each = stepOn(step, machines, (node, file) => contents.get(`${node}:${file}`) ?? '');
		await Promise.all(
			each.map(async ({node, commands}) => {
				const output = await named(machines, node).run(commands, {timeout: limit});
				log(`${node}# ${commands}`);
				if (output.trim() !== '') {
					log(output.slice(0, shownCharacters));
				}
			}),
		);
	}
}

function named(machines: readonly Machine[], name: string): Machine {
	const found = machines.find(machine => machine.name === name);
	if (!found) {
		throw new TypeError(`A step is for ${name}, and there are only ${machines.map(each => each.name).join(', ')}`);
	}

	return found;
}
