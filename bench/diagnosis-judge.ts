/** Whether a diagnosis names what was put in. Pure. */
import type {Cause, Diagnosis} from '../harness/model/index.ts';
import type {InjectedCause} from './diagnosis-cause.ts';

/**
 * `right`: all that was put in is named, first and on the right nodes, and nothing else. `false`: something else is named, too.
 * `later`: it is named, but not first. `elsewhere`: the right cause, on other nodes. `wrong`: only others are named.
 * `missed`: nothing is named.
 */
export type Outcome = 'right' | 'false' | 'later' | 'elsewhere' | 'wrong' | 'missed';

export interface Named extends Pick<Cause, 'id' | 'confidence' | 'nodes'> {}

/** Returns what is kept of a diagnosis. */
export function namedIn({causes}: Diagnosis): Named[] {
	return causes.map(({id, confidence, nodes}) => ({id, confidence, nodes}));
}

/** Judges what was named. */
export function judge(cause: Pick<InjectedCause, 'names' | 'nodes' | 'also'>, named: readonly Named[]): Outcome {
	const {names, nodes, also = []} = cause;
	const expected = names.flat();
	const others = named.filter(({id}) => !expected.includes(id) && !also.includes(id));
	if (names.length === 0) {
		return others.length === 0 ? 'right' : 'false';
	}

	// What is true anyway, such as a kernel without ip_vs, may come first.
	const [first] = [...named.filter(({id}) => !also.includes(id)), ...named];
	if (!first) {
		return 'missed';
	}

	const those = named.filter(({id}) => expected.includes(id));
	if (!names.every(ids => those.some(({id}) => ids.includes(id)))) {
		return 'wrong';
	}

	if (!expected.includes(first.id)) {
		return 'later';
	}

	const seen = new Set(those.flatMap(each => each.nodes));
	if (nodes && (nodes.some(node => !seen.has(node)) || [...seen].some(node => !nodes.includes(node)))) {
		return 'elsewhere';
	}

	return others.length === 0 ? 'right' : 'false';
}
