/** What is typed after the node of `swarmlab exec NODE`: options of exec, `--`, and the command. Pure. */
import {UsageError} from '../errors.ts';

/**
 * Parses the words. Without `--` the command begins at the first word that is no option.
 * @throws UsageError for an option that exec does not have, for `--cell` without its value, and without a command
 */
export function execWords(words: readonly string[]): {cell?: string; command: string[]} {
	const rest = [...words];
	let cell: string | undefined;
	while (rest[0]?.startsWith('-')) {
		const word = rest.shift()!;
		if (word === '--') {
			break;
		}

		const [, name, value] = /^(--cell)(?:=(.*))?$/s.exec(word) ?? [];
		if (!name) {
			throw new UsageError(`exec has no option '${word}'.`, {
				remedy: 'What belongs to the command stands after --: swarmlab exec m1 -- ls -la',
			});
		}

		cell = value ?? rest.shift();
		if (cell === undefined || cell === '--') {
			throw new UsageError("'--cell' lacks its text.", {remedy: 'swarmlab status names the cells that are up.'});
		}
	}

	if (rest.length === 0) {
		throw new UsageError('There is no command to run.', {remedy: 'swarmlab exec m1 -- docker node ls'});
	}

	return {...(cell !== undefined && {cell}), command: rest};
}
