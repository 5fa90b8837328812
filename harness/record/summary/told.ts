/** What a record tells, gathered in one pass: a large run is never in memory twice, and no cell looks through the lines of another. */
import {
	type CellOutcome,
	type CellStage,
	type Claim,
	type Event,
	type HostFacts,
	type PlannedScenario,
	type Result,
	scenarioId,
} from '../../model/index.ts';
import type {Notice, Retry, Try} from './summary.ts';

type EventOf<Name extends Event['event']> = Extract<Event, {event: Name}>;

/** A try, and which claim it is about. */
export type ToldTry = Try & Pick<PlannedScenario, 'title' | 'file' | 'line'>;

/** That a scenario began. */
export interface Start extends Claim {
	repetition: number;
	at: string;
}

/** What was told of one cell. */
export interface ToldCell {
	stages: {stage: CellStage; at: string}[];
	finished?: {at: string; outcome: CellOutcome; seconds: number};
	/** What was done last on a machine. */
	doing?: string;
	retries: Retry[];
	metrics: Record<string, number>;
	leftovers: {what: string; why: string}[];
	notices: Notice[];
	/** Where a seed made the order: how those that shared a swarm were to be proven. */
	orders: {repetition: number; scenarios: Claim[]}[];
	/** Results, in the order in which they came. */
	tries: ToldTry[];
	/** Scenarios that began and told nothing at once, by scenarioId. */
	starts: Map<string, Start[]>;
}

/** What was told of a run. */
export interface ToldRun {
	started?: EventOf<'run-started'>;
	finished?: {at: string; seconds: number};
	signal?: string;
	/** Times of the first and the last event. */
	first?: string;
	last?: string;
	accelerator?: Pick<HostFacts, 'accelerator' | 'acceleratorReason'>;
	artifacts: EventOf<'artifact'>[];
	notices: Notice[];
	leftovers: {what: string; why: string}[];
	/** By id, also of cells that were not announced. */
	cells: Map<string, ToldCell>;
}

/** Of a cell of which nothing was told. */
export function nothingTold(): ToldCell {
	return {
		stages: [],
		retries: [],
		metrics: {},
		leftovers: [],
		notices: [],
		orders: [],
		tries: [],
		starts: new Map(),
	};
}

/** Takes in the events of a record. */
export function gather(events: Iterable<Event>): ToldRun {
	const run: ToldRun = {artifacts: [], notices: [], leftovers: [], cells: new Map()};
	const share = sharing();
	for (const event of events) {
		run.first ??= event.at;
		run.last = event.at;
		const take = takes[event.event] as ((run: ToldRun, event: Event, share: Share) => void) | undefined;
		take?.(run, event, share);
	}

	return run;
}

/** What each event adds. */
const takes: {[Name in Event['event']]?: (run: ToldRun, event: EventOf<Name>, share: Share) => void} = {
	'run-started'(run, event) {
		run.started ??= event;
	},
	'run-finished'(run, {at, seconds}) {
		run.finished ??= {at, seconds};
	},
	'run-interrupted'(run, {signal}) {
		run.signal ??= signal;
	},
	accelerator(run, {accelerator, reason}) {
		run.accelerator = {accelerator, acceleratorReason: reason};
	},
	artifact(run, event) {
		run.artifacts.push(event);
	},
	notice(run, {cell, level, message}) {
		(cell ? cellIn(run, cell) : run).notices.push({level, message});
	},
	leftover(run, {cell, what, why}) {
		(cell ? cellIn(run, cell) : run).leftovers.push({what, why});
	},
	'cell-stage'(run, {cell, stage, at}) {
		cellIn(run, cell).stages.push({stage, at});
	},
	machine(run, {cell, machine, doing}) {
		cellIn(run, cell).doing = `${machine}: ${doing}`;
	},
	'infrastructure-retry'(run, {cell, at, machine, reason, consoleTail}) {
		cellIn(run, cell).retries.push({at, ...(machine && {machine}), reason, consoleTail: consoleTail ?? []});
	},
	'cell-measured'(run, {cell, metrics}) {
		Object.assign(cellIn(run, cell).metrics, metrics);
	},
	order(run, {cell, repetition, scenarios}, share) {
		cellIn(run, cell).orders.push({repetition, scenarios: scenarios.map(each => share.claim(each))});
	},
	'scenario-started'(run, {cell, repetition, at, ...scenario}, share) {
		const {starts} = cellIn(run, cell);
		listed(starts, share.text(scenarioId(scenario))).push({...share.claim(scenario), repetition, at});
	},
	result(run, {result}, share) {
		const cell = cellIn(run, result.cell);
		cell.tries.push(share.result(result));
		const starts = cell.starts.get(scenarioId(result));
		// Nearly always the end of what began last, which is then no start without an end.
		if (starts?.at(-1)?.repetition === result.repetition) {
			starts?.pop();
		}
	},
	'cell-finished'(run, {cell, at, outcome, seconds}) {
		cellIn(run, cell).finished ??= {at, outcome, seconds};
	},
};

function cellIn(run: ToldRun, id: string): ToldCell {
	let cell = run.cells.get(id);
	if (!cell) {
		cell = nothingTold();
		run.cells.set(id, cell);
	}

	return cell;
}

function listed<Key, Value>(map: Map<Key, Value[]>, key: Key): Value[] {
	let values = map.get(key);
	if (!values) {
		values = [];
		map.set(key, values);
	}

	return values;
}

interface Share {
	text(text: string): string;
	claim(claim: Claim): Claim;
	result(result: Result): ToldTry;
}

const nothing = Object.freeze({});
const none: string[] = [];

/** A record says the same titles, files and reasons for each cell again: they are kept once. */
function sharing(): Share {
	const known = new Map<string, string>();
	const text = (each: string): string => {
		const same = known.get(each);
		if (same === undefined) {
			known.set(each, each);
		}

		return same ?? each;
	};

	const texts = (each: string[]): string[] => (each.length === 0 ? none : each.map(text));
	const claim = ({title, file}: Claim): Claim => ({title: text(title), file: text(file)});
	return {
		text,
		claim,
		result({cell: _known, title, file, line, repetition, verdict, reason, startedAt, seconds, origin, ...told}) {
			return {
				...claim({title, file}),
				...(line !== undefined && {line}),
				repetition,
				verdict,
				...(reason && {
					reason: {...reason, message: text(reason.message), type: text(reason.type), details: text(reason.details)},
				}),
				startedAt,
				seconds,
				...(origin && {origin: text(origin) as typeof origin}),
				metrics: Object.keys(told.metrics).length === 0 ? nothing : told.metrics,
				evidence: texts(told.evidence),
				log: texts(told.log),
			};
		},
	};
}
