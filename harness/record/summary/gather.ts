/** Gathers a record in one pass: a large run is never in memory twice, and no cell searches the lines of another. */
import {
	type Attribution,
	type CellOutcome,
	type CellStage,
	type Claim,
	type Event,
	type HostFacts,
	type NightlyVerdict,
	type PlannedScenario,
	scenarioId,
} from '../../model/index.ts';
import type {Notice, Retry} from './summary.ts';
import {keptTries, type Tries} from './tries.ts';

type EventOf<Name extends Event['event']> = Extract<Event, {event: Name}>;

/** What the record has of one cell. */
export interface GatheredCell {
	stages: {stage: CellStage; at: string}[];
	finished?: {at: string; outcome: CellOutcome; seconds: number};
	/** The last action on a machine. */
	doing?: string;
	retries: Retry[];
	metrics: Record<string, number>;
	leftovers: {what: string; why: string}[];
	notices: Notice[];
	/** The orders that a seed made: how the scenarios that shared a swarm were to run. */
	orders: {repetition: number; scenarios: Claim[]}[];
	/** The place of the last result of each scenario, by scenarioId, in the order in which the first result of each came. */
	tries: Map<string, number>;
	/** The starts of scenarios that no matching result followed directly, by scenarioId. */
	starts: Map<string, {repetition: number; at: string}[]>;
}

/** What the record has of a run. */
export interface GatheredRun {
	started?: EventOf<'run-started'>;
	finished?: {at: string; seconds: number};
	signal?: string;
	/** Times of the first and the last event. */
	first?: string;
	last?: string;
	nightly?: NightlyVerdict;
	attributions: Attribution[];
	accelerator?: Pick<HostFacts, 'accelerator' | 'acceleratorReason'>;
	artifacts: EventOf<'artifact'>[];
	notices: Notice[];
	leftovers: {what: string; why: string}[];
	/** By id, also of cells that were not announced. */
	cells: Map<string, GatheredCell>;
	tries: Tries;
	/** The announced scenarios, each once, with their `scenarioId`. The ids are those of `GatheredCell.tries`, and not only equal. */
	scenarios: Map<string, PlannedScenario>;
}

/** Makes the entry of a cell of which the record has nothing. */
export function emptyCell(): GatheredCell {
	return {
		stages: [],
		retries: [],
		metrics: {},
		leftovers: [],
		notices: [],
		orders: [],
		tries: new Map(),
		starts: new Map(),
	};
}

/** Gathers the events of a record. */
export function gather(events: Iterable<Event>): GatheredRun {
	const run: GatheredRun = {
		attributions: [],
		artifacts: [],
		notices: [],
		leftovers: [],
		cells: new Map(),
		tries: keptTries(),
		scenarios: new Map(),
	};
	for (const event of events) {
		run.first ??= event.at;
		run.last = event.at;
		const take = takes[event.event] as ((run: GatheredRun, event: Event) => void) | undefined;
		take?.(run, event);
	}

	return run;
}

/** What each event adds. */
const takes: {[Name in Event['event']]?: (run: GatheredRun, event: EventOf<Name>) => void} = {
	'run-started'(run, event) {
		if (!run.started) {
			run.started = event;
			run.scenarios = new Map(event.scenarios.map(each => [run.tries.shared(scenarioId(each)), each]));
		}
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
	judged(run, {verdict}) {
		run.nightly = verdict;
	},
	attributed(run, {attribution}) {
		run.attributions.push(attribution);
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
	order(run, {cell, repetition, scenarios}) {
		const {shared} = run.tries;
		const claims = scenarios.map(({title, file}) => ({title: shared(title), file: shared(file)}));
		cellIn(run, cell).orders.push({repetition, scenarios: claims});
	},
	'scenario-started'(run, {cell, repetition, at, ...scenario}) {
		addTo(cellIn(run, cell).starts, run.tries.shared(scenarioId(scenario)), {repetition, at});
	},
	result(run, {result}) {
		const cell = cellIn(run, result.cell);
		const id = run.tries.shared(scenarioId(result));
		cell.tries.set(id, run.tries.keep(result, cell.tries.get(id)));
		const starts = cell.starts.get(id);
		// Nearly always the result ends the scenario that started last. That start is then removed.
		if (starts?.at(-1)?.repetition === result.repetition) {
			starts?.pop();
			if (starts?.length === 0) {
				cell.starts.delete(id);
			}
		}
	},
	'cell-finished'(run, {cell, at, outcome, seconds}) {
		cellIn(run, cell).finished ??= {at, outcome, seconds};
	},
};

function cellIn(run: GatheredRun, id: string): GatheredCell {
	let cell = run.cells.get(id);
	if (!cell) {
		cell = emptyCell();
		run.cells.set(id, cell);
	}

	return cell;
}

/** A value is nearly always the only one: a list made with it has no spare room, and a list that grew has room for 17. */
function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
	const values = map.get(key);
	if (values) {
		values.push(value);
	} else {
		map.set(key, [value]);
	}
}
