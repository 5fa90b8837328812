/** Which changes make the exit code of a run with a baseline red. Pure. */
import {UsageError} from '../errors.ts';
import type {Change, NightlyVerdict} from '../model/index.ts';

/** Every change, the most important first: reports list them in this order. */
export const changeNames: readonly Change[] = [
	...([
		'new',
		'broken',
		'slower',
		'flaky',
		'still failing',
		'newly skipped',
		'newly missing',
		'known',
		'fixed',
	] as const),
];

/** What is red where no list is given. */
const usualFailOn: readonly Change[] = ['new', 'broken'];

/** Returns the word that is typed for a change: `still-failing`. */
export function typedChange(change: Change): string {
	return change.replaceAll(' ', '-');
}

/** Returns the changes that were typed; without any, the usual ones. Throws UsageError. */
export function parseFailOn(words: readonly string[] | undefined): Change[] {
	return (words ?? usualFailOn.map(typedChange)).map(word => {
		const found = changeNames.find(each => typedChange(each) === word);
		if (!found) {
			throw new UsageError(`--fail-on: '${word}' is no change of a result.`, {
				remedy: `The changes are: ${changeNames.map(typedChange).join(', ')}.`,
			});
		}

		return found;
	});
}

/** Returns the exit code that the changes alone call for: 1 for the product's, 2 for the lab's, 0 for none that counts. */
export function codeOfChanges({changes, failOn}: Pick<NightlyVerdict, 'changes' | 'failOn'>): 0 | 1 | 2 {
	const red = changes.filter(({change}) => failOn.includes(change));
	return red.some(({change}) => change !== 'broken') ? 1 : red.length > 0 ? 2 : 0;
}
