/** What each line of a record must have: a row for each event, with a shape for each of its parts. */
import type {
	Cause,
	CellOutcome,
	Claim,
	Diagnosis,
	Disagreement,
	Event,
	EvidenceLine,
	FaultRecord,
	HostFacts,
	PacketPath,
	PathHop,
	PlannedScenario,
	Reason,
	Result,
	ShardOfPlan,
	SwarmOptions,
	TimelineEntry,
} from '../model/index.ts';
import {flag, list, number, object, oneOf, optional, ordinal, type Shape, table, text} from '../shape.ts';
import {cell} from './cells.ts';
import {knownFailure, reproduction} from './expectations.ts';
import {attribution, verdict} from './nightly.ts';
import {artifactKinds, clusters, metricNames, names, origins, partsOfScenarios, word} from './old-words.ts';

type Parts<Value> = {[Name in keyof Value]-?: Shape<Value[Name]>};

const evidenceLine = object<EvidenceLine>({node: text(''), file: text(''), text: text('')});

const disagreement = object<Disagreement>({node: text(''), says: text(''), lines: list(evidenceLine)});

const path = object<PacketPath>({
	from: text(''),
	to: text(''),
	network: text(''),
	address: text(''),
	sentence: text(''),
	hops: list(
		object<PathHop>({
			at: oneOf('wire', 'client', 'balancer', 'sender', 'receiver', 'task'),
			node: text(''),
			state: oneOf('unknown', 'passes', 'stops'),
			says: list(text()),
		}),
	),
});

const diagnosis = object<Diagnosis>({
	schema: number as Shape<1>,
	sentence: text(''),
	causes: list(
		object<Cause>({
			id: text(),
			blame: oneOf('product', 'kernel', 'network', 'host', 'service', 'harness'),
			confidence: oneOf('possible', 'likely', 'certain'),
			cause: text(''),
			remedy: text(''),
			issue: optional(text()),
			versions: optional(text()),
			nodes: list(text()),
			lines: list(evidenceLine),
		}),
	),
	disagreements: list(disagreement),
	ruledOut: list(text()),
	next: list(text()),
	aside: optional(list(text())),
	paths: optional(list(path)),
	timeline: optional(
		list(
			object<TimelineEntry>({
				at: text(''),
				node: text(''),
				source: oneOf('scenario', 'engine', 'kernel', 'switch'),
				text: text(''),
			}),
		),
	),
});

const reason = object<Reason>({
	message: text(''),
	type: text(''),
	details: text(''),
	remedy: optional(text()),
	diagnosis: optional(diagnosis),
});

/** A result, or a line of results.jsonl. */
export const result = object<Result>({
	cell: text(),
	title: text(),
	file: text(''),
	line: optional(number),
	repetition: ordinal,
	verdict: oneOf('broken', 'passed', 'failed', 'skipped'),
	reason: optional(reason),
	startedAt: text(''),
	seconds: number,
	origin: optional(word(origins, text())) as Shape<Result['origin']>,
	metrics: names(metricNames, table(number)),
	evidence: list(text()),
	disagreements: optional(list(disagreement)),
	faults: optional(
		list(
			object<FaultRecord>({
				what: text(''),
				by: optional(text('')),
				at: text(''),
				healedAt: text(''),
				shown: optional(text('')),
				matched: optional(number),
				dropped: optional(number),
				changed: optional(number),
			}),
		),
	),
	log: list(text()),
});

const planned = names(
	partsOfScenarios,
	object<PlannedScenario>({
		title: text('a scenario whose title is lost'),
		file: text(''),
		line: optional(number),
		tags: optional(list(text())),
		cluster: optional(word(clusters, text())) as Shape<PlannedScenario['cluster']>,
		init: optional(
			object<SwarmOptions>({
				advertiseAddr: optional(text()),
				listenAddr: optional(text()),
				dataPathAddr: optional(text()),
				dataPathPort: optional(number),
				defaultAddrPool: optional(list(text())),
				subnetSize: optional(number),
				certExpiryHours: optional(number),
				autolock: optional(flag),
			} as never),
		),
		stack: optional(object({exercise: optional(text()), byRun: optional(flag)})),
		reproduction: optional(reproduction),
		fixture: optional(object({name: text(), file: text()})),
	}),
);

const host = object<HostFacts>({
	hostname: text(),
	os: text(),
	kernel: text(),
	cpus: number,
	memory: number,
	facts: table(text()),
	accelerator: text() as Shape<HostFacts['accelerator']>,
	acceleratorReason: text(),
	swarmlab: text(),
});

/** A cell whose outcome is lost counts as broken. */
const outcome: Shape<CellOutcome> = (value, at, faults) => {
	const {state} = object<{state: CellOutcome['state']}>({state: oneOf('broken', 'tested', 'skipped', 'failed')})(
		value,
		at,
		faults,
	);
	return state === 'tested'
		? (value as CellOutcome)
		: object<{state: typeof state; reason: Reason}>({state: oneOf(state), reason})(value, at, faults);
};

const cellOf = text('');

/** By the name of the event. */
export const partsOf: {[Name in Event['event']]: Parts<Omit<Extract<Event, {event: Name}>, 'at' | 'event'>>} = {
	'run-started': {
		schema: optional(ordinal),
		run: text(),
		command: list(text()),
		host,
		cells: list(cell),
		scenarios: list(planned),
		seed: optional(number),
		sources: optional(table(text())),
		knownFailures: optional(list(knownFailure)),
		plan: optional(object<ShardOfPlan>({id: text(), shard: ordinal, of: ordinal, cells: list(cell)})),
	},
	notice: {level: oneOf('warning', 'info'), cell: optional(text('')), message: text()},
	accelerator: {accelerator: text() as Shape<HostFacts['accelerator']>, reason: text()},
	artifact: {
		kind: word(artifactKinds, text()) as never,
		label: text(),
		state: text() as never,
		key: optional(text()),
		seconds: optional(number),
		detail: optional(text()),
	},
	'cell-stage': {cell: cellOf, stage: text() as never},
	machine: {cell: cellOf, machine: text(), doing: text()},
	'infrastructure-retry': {cell: cellOf, machine: optional(text()), reason, consoleTail: optional(list(text()))},
	'cell-formed': {cell: cellOf, origin: word(origins, text()) as never, seconds: number},
	'cell-measured': {cell: cellOf, metrics: table(number)},
	order: {
		cell: cellOf,
		repetition: ordinal,
		scenarios: list(object<Claim>({file: text(), title: text()})),
	},
	'scenario-started': {cell: cellOf, title: text(), file: text(), line: optional(number), repetition: ordinal},
	result: {result},
	'cell-finished': {cell: cellOf, outcome, seconds: number},
	judged: {verdict},
	attributed: {attribution},
	leftover: {cell: cellOf, what: text(), why: text()},
	'run-interrupted': {signal: text()},
	'run-finished': {seconds: number},
};
