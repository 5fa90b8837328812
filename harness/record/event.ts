/** Reads a line of a record: returns an event, what is left of a damaged one, or why there is none. Pure. */
import type {CellOutcome, Event, Result} from '../model/index.ts';
import {inWords, object, type Shape, text} from '../shape.ts';
import {partsOf} from './events.ts';

export interface LineRead {
	event?: Event;
	/** What is wrong with the line: which one, and what is missing. */
	problem?: string;
}

const at = text('');
const unnamed: Shape<object> = object<object>({at, event: text()} as never);
const shapes = Object.fromEntries(
	Object.entries(partsOf).map(([name, parts]) => [name, object<object>({at, ...parts} as never)]),
);

/** Reads the value of line `number`. */
export function readEvent(value: unknown, number: number): LineRead {
	const name = (value as {event?: unknown} | null)?.event;
	if (typeof name === 'string' && !Object.hasOwn(partsOf, name)) {
		return {
			problem: `Line ${number} was left out: this swarmlab knows no event ${JSON.stringify(name.slice(0, 40))}.`,
		};
	}

	const faults: string[] = [];
	const mended = (typeof name === 'string' ? shapes[name]! : unnamed)(value, '', faults) as Event;
	if (faults.length === 0) {
		return {event: mended};
	}

	const description = inWords(faults);
	const event = typeof name === 'string' ? rest[mended.event]?.(mended as never, faults, description) : undefined;
	return event
		? {event, problem: `Line ${number} is damaged: ${description}.`}
		: {problem: `Line ${number} is damaged and was left out: ${description}.`};
}

/**
 * The events of which a damaged line is not left out as a whole: without it something would look better than it was. No
 * verdict depends on the other events.
 */
const rest: {
	[Name in Event['event']]?: (
		event: Extract<Event, {event: Name}>,
		faults: string[],
		reason: string,
	) => Event | undefined;
} = {
	'run-started': event => event,
	'run-interrupted': event => event,
	'infrastructure-retry': (event, faults) => (isLost(faults, 'cell') ? undefined : event),
	'scenario-started': (event, faults) => (isLost(faults, 'cell', 'title') ? undefined : event),
	result(event, faults, reason) {
		return isLost(faults, 'result', 'result.cell', 'result.title')
			? undefined
			: {...event, result: brokenBy(event.result, reason)};
	},
	'cell-finished'(event, faults, reason) {
		return isLost(faults, 'cell')
			? undefined
			: faults.some(each => each.startsWith('outcome'))
				? {...event, outcome: lostOutcome(reason)}
				: event;
	},
};

function isLost(faults: string[], ...parts: string[]): boolean {
	return faults.some(each => parts.some(part => each.startsWith(`${part} `)));
}

/** Returns the result of a damaged line as broken: its verdict cannot be relied on. */
function brokenBy(result: Result, description: string): Result {
	return {...result, verdict: 'broken', reason: damaged(`its result is damaged in the record: ${description}`)};
}

function lostOutcome(description: string): CellOutcome {
	return {state: 'broken', reason: damaged(`how the cell came out is damaged in the record: ${description}`)};
}

function damaged(message: string) {
	return {message, type: 'DamagedRecord', details: ''};
}
