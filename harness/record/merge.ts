/** Joins the records of a plan's shards: the events of one run, as one machine would have recorded them. Pure. */
import {applies} from '../applies.ts';
import {UsageError} from '../errors.ts';
import type {Cell, Event, Reason} from '../model/index.ts';
import {recordSchema} from './schema.ts';

type Started = Extract<Event, {event: 'run-started'}>;
type ShardRef = NonNullable<Started['plan']>;

/** The record of a shard. */
export interface ShardRecord {
	/** As the user named it. */
	name: string;
	events: readonly Event[];
}

export interface Merged {
	events: Event[];
	/** Shards of which no record was given. */
	missing: number[];
}

/**
 * Returns the events of all shards as those of one run. What no shard ran is broken.
 * @param run id of the new run @param command for its record
 * @throws UsageError if a record is of no shard, or if the shards are not of one plan, each once
 */
export function mergeRecords(records: readonly ShardRecord[], run: string, command: string[]): Merged {
	const shards = records.map(record => ({...record, started: startOf(record)}));
	refuseMixed(shards);
	const [{started: first}] = shards as [Part, ...Part[]];
	const {of} = first.plan;
	const present = new Set(shards.map(({started}) => started.plan.shard));
	const missing = Array.from({length: of}, (_, index) => index + 1).filter(number => !present.has(number));
	const times = shards.flatMap(({events}) => [events[0]!.at, events.at(-1)!.at]).sort();
	const [start = '', end = ''] = [times[0], times.at(-1)];
	const finished = shards.every(({events}) => events.some(({event}) => event === 'run-finished'));
	const interrupted = shards.flatMap(({events}) => events.find(({event}) => event === 'run-interrupted') ?? []);
	const {plan, ...announced} = first;
	return {
		missing,
		events: [
			{...announced, at: start, schema: recordSchema, run, command, cells: plan.cells, host: hostOf(shards[0]!)},
			...shards.map(each => ({...noteOf(each), at: start})),
			...shards.flatMap(shard => shard.events.flatMap(event => taken(event, shard))),
			...notRun(shards, missing, end),
			...interrupted.slice(0, 1),
			...(finished
				? [{event: 'run-finished' as const, at: end, seconds: (Date.parse(end) - Date.parse(start)) / 1000}]
				: []),
		],
	};
}

interface Part extends ShardRecord {
	started: Started & {plan: ShardRef};
}

function startOf({name, events}: ShardRecord): Part['started'] {
	const started = events.find(each => each.event === 'run-started');
	if (!started?.plan) {
		throw new UsageError(`${name} is no part of a plan: it was not run with --plan.`, {
			remedy: 'swarmlab run --plan plan.json --shard 1/2 makes one.',
		});
	}

	return started as Part['started'];
}

function refuseMixed(shards: readonly Part[]): void {
	const [first, ...others] = shards as [Part, ...Part[]];
	const remedy = 'Name the runs of one plan, each once.';
	const {id, of} = first.started.plan;
	for (const {name, started} of others) {
		if (started.plan.id !== id) {
			throw new UsageError(`${first.name} and ${name} are of two plans (${id} and ${started.plan.id}).`, {remedy});
		}

		if (started.plan.of !== of) {
			throw new UsageError(
				`${first.name} is one of ${of} shards, and ${name} one of ${started.plan.of}: they overlap.`,
				{remedy},
			);
		}
	}

	for (const [number, twice] of Map.groupBy(shards, ({started}) => started.plan.shard)) {
		if (twice.length > 1) {
			throw new UsageError(
				`The shard ${number}/${of} is there more than once: ${twice.map(({name}) => name).join(', ')}.`,
				{
					remedy,
				},
			);
		}
	}
}

/** The host of the first shard; each has a note with its own. */
function hostOf({events, started}: Part): Started['host'] {
	const proof = events.findLast(each => each.event === 'accelerator');
	return {...started.host, ...(proof && {accelerator: proof.accelerator, acceleratorReason: proof.reason})};
}

function noteOf(shard: Part): {event: 'notice'; level: 'info'; message: string} {
	const {run, plan} = shard.started;
	const {hostname, accelerator, cpus} = hostOf(shard);
	return {
		event: 'notice',
		level: 'info',
		message: `shard ${plan.shard}/${plan.of} is the run ${run} on ${hostname} (${accelerator}, ${cpus} CPUs)`,
	};
}

/** Returns the events that the run takes from a shard: without those that it has once. */
function taken(event: Event, {started: {plan}}: Part): Event[] {
	switch (event.event) {
		case 'run-started':
		case 'run-finished':
		case 'run-interrupted':
		case 'accelerator':
			return [];
		case 'notice':
			return [event.cell ? event : {...event, message: `shard ${plan.shard}/${plan.of}: ${event.message}`}];
		default:
			return [event];
	}
}

/** Returns the events of cells that no shard ran: they are broken, with each of their scenarios. */
function notRun(shards: readonly Part[], missing: readonly number[], at: string): Event[] {
	const ran = new Set(shards.flatMap(({started}) => started.cells.map(({id}) => id)));
	const [{started}] = shards as [Part, ...Part[]];
	const numbers = missing.map(number => `${number}/${started.plan.of}`).join(', ');
	const message = `no shard ran it: ${missing.length === 1 ? 'the shard' : 'one of the shards'} ${numbers} is missing`;
	const reason: Reason = {message, type: 'NoResult', details: '', remedy: 'Merge again with the run of that shard.'};
	return started.plan.cells
		.filter(({id}) => !ran.has(id))
		.flatMap((cell: Cell): Event[] => [
			...started.scenarios
				.filter(scenario => applies(scenario, cell))
				.map((scenario): Event => {
					const nothing = {repetition: 1, startedAt: at, seconds: 0, metrics: {}, evidence: [], log: []};
					const {file, title} = scenario;
					return {event: 'result', at, result: {cell: cell.id, file, title, verdict: 'broken', reason, ...nothing}};
				}),
			{event: 'cell-finished', at, cell: cell.id, outcome: {state: 'broken', reason}, seconds: 0},
		]);
}
