/** What was made is removed in the opposite order, whatever happened in between. */
import {explain} from '../errors.ts';

export class Undo {
	readonly #steps: Array<{what: string; step: () => Promise<unknown>}> = [];

	/** To be called before doing what is undone: what fails half way must be undone as well. */
	add(what: string, step: () => Promise<unknown>): void {
		this.#steps.push({what, step});
	}

	/** Runs all steps and empties the list. Never throws: returns what could not be undone. */
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
