/** What the lists of packages have to be warned about: an expired suite, one that cannot be read. */
import {isAboutMissing, isAboutReach} from '../artifacts/packages/notice-kinds.ts';
import type {Engine, Kernel} from '../model/index.ts';
import type {Report} from '../store/report.ts';

/** Tells a line to the person who waits. */
export type Print = (line: string) => void;

export class Warnings {
	readonly #messages = new Set<string>();
	readonly #print: Print;

	constructor(print: Print) {
		this.#print = print;
	}

	/** Takes them in. What takes a while is said while it is being done. */
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

	/** Of a choice: shows, once each, those about a suite that something comes from, and those about what it could not come from. */
	showForChoice(used: readonly (Kernel | Engine)[]): void {
		this.#show(message => isAboutReach(message) || isAbout(message, used));
	}

	/** Of a list: shows, once each, those about a suite that something comes from, and those about suites that are not in it. */
	showForList(listed: readonly (Kernel | Engine)[]): void {
		this.#show(message => isAboutMissing(message) || isAbout(message, listed));
	}

	/** What is chosen; an error comes after what may be the reason of it. */
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
