/** Words in records of earlier versions, and the words that replaced them. Pure. */
import type {Origin} from '../model/index.ts';
import type {Shape} from '../shape.ts';

export const origins: Record<string, Origin> = {
	'frozen cluster': 'cluster snapshot',
	'frozen stage': 'fixture snapshot',
};

export const artifactKinds = {stage: 'fixture'};

export const clusters = {formed: 'new'};

export const partsOfScenarios = {arrangement: 'fixture'};

export const metricNames = {'arrangement ready on every node': 'fixture ready on every node'};

/** A text that may be an old word. */
export function word<Value>(words: Record<string, string>, shape: Shape<Value>): Shape<Value> {
	return (value, at, faults) => shape(typeof value === 'string' ? renamed(value, words) : value, at, faults);
}

/** An object whose names may be old words. */
export function names<Value>(words: Record<string, string>, shape: Shape<Value>): Shape<Value> {
	const old = Object.keys(words);
	return (value, at, faults) => {
		const hasOld = typeof value === 'object' && value !== null && old.some(name => Object.hasOwn(value, name));
		return shape(
			hasOld ? Object.fromEntries(Object.entries(value).map(([name, each]) => [renamed(name, words), each])) : value,
			at,
			faults,
		);
	};
}

function renamed(text: string, words: Record<string, string>): string {
	return Object.hasOwn(words, text) ? words[text]! : text;
}
