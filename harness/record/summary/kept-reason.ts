/** The reason of a try, most of which stays bytes until a report asks for it. */
import type {Reason} from '../../model/index.ts';
import type {Tries} from './tries.ts';

/** The reason of a try that is kept. Most of it is read when a report asks for it: a large run has a hundred thousand. */
export class KeptReason implements Reason {
	readonly message: string;
	readonly type: string;
	readonly remedy?: string;
	readonly #hasDiagnosis: boolean;
	readonly #kept: Tries;
	readonly #place: number;

	constructor({message, type, remedy, diagnosis}: Reason, place: number, kept: Tries) {
		this.message = message;
		this.type = type;
		if (remedy !== undefined) {
			this.remedy = remedy;
		}

		this.#hasDiagnosis = diagnosis !== undefined;
		this.#kept = kept;
		this.#place = place;
	}

	get details(): string {
		return this.#kept.detailsAt(this.#place);
	}

	get diagnosis(): Reason['diagnosis'] {
		return this.#hasDiagnosis ? this.#kept.at(this.#place).reason?.diagnosis : undefined;
	}

	toJSON(): Reason {
		return {...this.#kept.at(this.#place).reason!};
	}
}
