/** The reasons of tries, read from where the tries are kept. */
import type {Reason} from '../../model/index.ts';
import type {KeptTry, Tries, Try} from './tries.ts';

/** The reason of a try that is kept. Most of it is read when a report asks for it: a large run has a hundred thousand. */
class KeptReason implements Reason {
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

/** Returns the reason of a try that is kept. */
export function keptReason(one: KeptTry, kept: Tries): Reason {
	return one.reason ? new KeptReason(one.reason, one.place, kept) : reasonOf(one);
}

/** Returns the reason of a try; one without says so. */
export function reasonOf(each: Try): Reason {
	return each.reason ?? {message: 'No reason was recorded.', type: each.verdict, details: ''};
}
