/** What the lists of packages have to be warned about: an expired suite, one that cannot be read. */
import type {Report} from '../images/report.ts';
import type {Engine, Kernel} from '../model.ts';
import {say} from './command.ts';

export class Warnings {
	readonly #messages = new Set<string>();

	/** Takes them in. */
	readonly report: Report = event => {
		if (event.event === 'notice' && event.level === 'warning') {
			this.#messages.add(event.message);
		}
	};

	/** Shows each once; where it is known what is used, only those about a suite that it comes from. */
	tell(used?: readonly (Kernel | Engine)[]): void {
		const suites = used?.flatMap(suitesOf);
		for (const message of this.#messages) {
			if (!suites || suites.some(suite => message.split(/[^\w-]+/).includes(suite))) {
				say(`warning: ${message}`);
			}
		}
	}
}

function suitesOf({source}: Kernel | Engine): string[] {
	const ofPackage = source.type === 'package' ? [source.package.suite] : [];
	return 'suite' in source ? [...ofPackage, source.suite] : ofPackage;
}
