/** The lines of run.jsonl. */
import type {Cell} from './cell.ts';
import type {KnownFailure} from './expectations.ts';
import type {Origin} from './handles.ts';
import type {Attribution, NightlyVerdict} from './nightly.ts';
import type {CellOutcome, Reason, Result} from './results.ts';
import type {Claim, PlannedScenario} from './scenarios.ts';

/** Facts about this host, and the accelerator that was chosen for it. */
export interface HostFacts {
	hostname: string;
	os: string;
	kernel: string;
	cpus: number;
	/** MiB. */
	memory: number;
	/** What the providers of the run report about this host, by name: versions of the programs that they use. */
	facts: Record<string, string>;
	/** `none`: no cell of the run boots a kernel. */
	accelerator: 'kvm' | 'tcg' | 'none';
	/** Why this accelerator: the result of the probe boot. */
	acceleratorReason: string;
	swarmlab: string;
}

/** What is kept in the cache: the last three are machines that stand still. */
export type ArtifactKind =
	| 'kernel'
	| 'engine'
	| 'tree'
	| 'cloud'
	| 'images'
	| 'box'
	| 'template'
	| 'cluster'
	| 'fixture';

/** The stages of one cell, in order. */
export type CellStage =
	| 'waiting'
	| 'artifacts'
	| 'boot'
	| 'preflight'
	| 'swarm'
	| 'stack'
	| 'scenarios'
	| 'teardown'
	| 'done';

/** Which part of a plan a run is. */
export interface ShardOfPlan {
	/** Of the plan. */
	id: string;
	/** From 1. */
	shard: number;
	of: number;
	/** All cells of the plan, so that those of a part that is lost are known. */
	cells: Cell[];
}

/** A line of run.jsonl. `at` is ISO 8601 UTC. Every report is made from these lines alone. */
export type Event = {at: string} & (
	| {
			event: 'run-started';
			/** Schema number of the record: see record/schema.ts. Absent means 1. */
			schema?: number;
			run: string;
			command: string[];
			host: HostFacts;
			cells: Cell[];
			scenarios: PlannedScenario[];
			/** Seed of the scenarios' order; absent if they run in the announced order. */
			seed?: number;
			/** Checksums of the scenario files with their imports, by name; the run folder has the files. Absent in older records. */
			sources?: Record<string, string>;
			/** Failures that the config knows; absent: none. */
			knownFailures?: KnownFailure[];
			/** The plan of which this run is a part; absent: it was planned for itself. */
			plan?: ShardOfPlan;
	  }
	| {event: 'notice'; level: 'info' | 'warning'; cell?: string; message: string}
	/** The run's first kernel proved the accelerator. Before that, run-started has at most what an earlier run proved. */
	| {event: 'accelerator'; accelerator: HostFacts['accelerator']; reason: string}
	| {
			event: 'artifact';
			kind: ArtifactKind;
			label: string;
			state: 'building' | 'built' | 'cached' | 'damaged' | 'failed';
			key?: string;
			seconds?: number;
			detail?: string;
	  }
	| {event: 'cell-stage'; cell: string; stage: CellStage}
	| {event: 'machine'; cell: string; machine: string; doing: string}
	/** The lab tried something of its own again. Reports count and show every retry. */
	| {event: 'infrastructure-retry'; cell: string; machine?: string; reason: Reason; consoleTail?: string[]}
	/** The machines are up and the swarm is formed. */
	| {event: 'cell-formed'; cell: string; origin: Origin; seconds: number}
	| {event: 'cell-measured'; cell: string; metrics: Record<string, number>}
	/** The scenarios that share a swarm, in the order that the seed gives. */
	| {event: 'order'; cell: string; repetition: number; scenarios: Claim[]}
	| {event: 'scenario-started'; cell: string; title: string; file: string; line?: number; repetition: number}
	| {event: 'result'; result: Result}
	| {event: 'cell-finished'; cell: string; outcome: CellOutcome; seconds: number}
	/** The run against its baseline, if it has one. The last such line counts. */
	| {event: 'judged'; verdict: NightlyVerdict}
	/** Where a new failure comes from: what further runs showed. */
	| {event: 'attributed'; attribution: Attribution}
	| {event: 'leftover'; cell: string; what: string; why: string}
	| {event: 'run-interrupted'; signal: string}
	| {event: 'run-finished'; seconds: number}
);
