/** Warnings about the lists of packages: an expired suite, a suite that cannot be read. */
import {isAboutMissing, isAboutReach} from '../artifacts/packages/notice-kinds.ts';
import type {Engine, Kernel} from '../model/index.ts';
import type {Report} from '../store/report.ts';

/** Prints a line for the user. */
export type Print = (line: string) => void;

export class Warnings {
	readonly #messages = new Set<string>();
	readonly #print: Print;

	constructor(print: Print) {
		this.#print = print;
	}

	/** Collects warnings. Other notices are printed at once, as they are about work that takes a while. */
	readonly report: Report = event => {
		if (event.event !== 'notice') {
			return;
		}

		if (event.level === 'warning') {
			this.#messages.add(event.message);
		} else {
			this.#print(event.message);
		}
	};

	/** For a choice: prints, once each, warnings about suites of the chosen items, and about mirrors that do not answer. */
	showForChoice(used: readonly (Kernel | Engine)[]): void {
		this.#show(message => isAboutReach(message) || isAbout(message, used));
	}

	/**
	 * For a list: prints, once each, warnings about suites of the listed items, and about suites that are missing in the list.
	 */
	showForList(listed: readonly (Kernel | Engine)[]): void {
		this.#show(message => isAboutMissing(message) || isAbout(message, listed));
	}

	/**
	 * Makes a choice. If that throws, warnings about missing suites are printed first, as they may be the reason of the error.
	 */
	async during<T>(choose: () => T | Promise<T>): Promise<T> {
		try {
			return await choose();
		} catch (error) {
			this.#show(isAboutMissing);
			throw error;
		}
	}

	#show(isWanted: (message: string) => boolean): void {
		for (const message of [...this.#messages].filter(isWanted)) {
			this.#print(`warning: ${message}`);
		}
	}
}

function isAbout(message: string, used: readonly (Kernel | Engine)[]): boolean {
	const words = message.split(/[^\w-]+/);
	return used.flatMap(suitesOf).some(suite => words.includes(suite));
}

function suitesOf({source}: Kernel | Engine): string[] {
	const ofPackage = source.type === 'package' ? [source.package.suite] : [];
	return 'suite' in source ? [...ofPackage, source.suite] : ofPackage;
}
