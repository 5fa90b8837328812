/** Removes what was made, in the opposite order. */
import {explain} from '../errors.ts';

export class Undo {
	readonly #steps: Array<{what: string; step: () => Promise<unknown>}> = [];

	/** Adds a step. Call it before the action that the step undoes: an action that fails half way must be undone as well. */
	add(what: string, step: () => Promise<unknown>): void {
		this.#steps.push({what, step});
	}

	/** Runs all steps, the last one first, and empties the list. Returns what could not be undone; never throws. */
	async run(): Promise<string[]> {
		const problems: string[] = [];
		for (let last = this.#steps.pop(); last; last = this.#steps.pop()) {
			try {
				await last.step();
			} catch (error) {
				problems.push(`could not ${last.what}: ${explain(error)}`);
			}
		}

		return problems;
	}
}
