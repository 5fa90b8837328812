/** Makes faults from what people write: in scenarios and on the command line. Pure. */
import {UsageError} from '../../errors.ts';
import type {Fault, FaultAction, FaultMatch} from '../../model/index.ts';
import {nearest} from '../../nearest.ts';
import type {Partition} from './partition.ts';

/** One name, or several. */
export type Names = string | readonly string[];

/** The frames that a fault is about, as people write it: see FaultMatch. */
export interface FaultWhere extends Omit<FaultMatch, 'from' | 'to' | 'at' | 'unheard'> {
	/** Nodes that send. Default: all. */
	from?: Names;
	/** Nodes that would get it. Default: all. */
	to?: Names;
	/** Nodes that send or would get it. Default: all. */
	at?: Names;
}

/** A share of frames, in percent; the same seed (default 1) chooses the same ones. */
interface Share {
	percent: number;
	seed?: number;
}

/** What each kind of fault needs besides the frames that it is about. */
export interface FaultOptions {
	block: object;
	loss: Share;
	/** Milliseconds. */
	delay: {ms: number; jitterMs?: number; seed?: number};
	rate: {kbitPerSecond: number; queueBytes?: number};
	duplicate: Share;
	reorder: Share & {ms: number};
	corrupt: Share;
}

export type FaultKind = keyof FaultOptions;

const actions: {[Kind in FaultKind]: (options: FaultOptions[Kind]) => FaultAction} = {
	block: () => ({do: 'drop'}),
	loss: ({percent, seed}) => ({do: 'lose', percent, ...given({seed})}),
	delay: ({ms, jitterMs, seed}) => ({do: 'delay', ms, ...given({jitterMs, seed})}),
	rate: ({kbitPerSecond, queueBytes}) => ({do: 'rate', kbitPerSecond, ...given({queueBytes})}),
	duplicate: ({percent, seed}) => ({do: 'duplicate', percent, ...given({seed})}),
	reorder: ({percent, ms, seed}) => ({do: 'reorder', percent, ms, ...given({seed})}),
	corrupt: ({percent, seed}) => ({do: 'corrupt', percent, ...given({seed})}),
};

export const faultKinds = Object.keys(actions) as FaultKind[];

/** Makes a fault of a kind. Values are not checked here: parseFault does that. */
export function faultOf<Kind extends FaultKind>(kind: Kind, options: FaultWhere & FaultOptions[Kind]): Fault {
	return {match: matchOf(options), action: actions[kind](options)};
}

/** Nothing goes to these nodes and nothing comes from them. Their cards do not notice: see docs/faults.md. */
export function linkDown(nodes: Names): Fault {
	return {match: {at: listOf(nodes)}, action: {do: 'drop'}};
}

/** A partition: see partition.ts for its shapes. Throws UsageError for one that cuts nothing. */
export function partitionFault(unheard: Partition): Fault {
	if (Object.values(unheard).every(others => others.length === 0)) {
		throw new UsageError('This partition cuts nothing: every node hears every other', {
			remedy: 'Name at least one node that another one does not hear.',
		});
	}

	return {match: {unheard}, action: {do: 'drop'}};
}

function matchOf({from, to, at, bothWays, protocol, port, sourcePort, largerThanBytes}: FaultWhere): FaultMatch {
	return given({
		from: from === undefined ? undefined : listOf(from),
		to: to === undefined ? undefined : listOf(to),
		at: at === undefined ? undefined : listOf(at),
		bothWays,
		protocol,
		port,
		sourcePort,
		largerThanBytes,
	});
}

function listOf(names: Names): string[] {
	return typeof names === 'string' ? [names] : [...names];
}

/** Leaves out what is undefined, as JSON does. */
function given<Values extends object>(values: Values): {[Name in keyof Values]?: NonNullable<Values[Name]>} {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Returns the word if it is one of these. Throws UsageError with the nearest otherwise. */
export function oneOfWords<Word extends string>(word: string, words: readonly Word[], what: string): Word {
	if ((words as readonly string[]).includes(word)) {
		return word as Word;
	}

	const [near] = nearest(word, words, 1);
	throw new UsageError(`There is no ${what} '${word}'.${near ? ` Did you mean '${near}'?` : ''}`, {
		remedy: `There are: ${words.join(', ')}.`,
	});
}
