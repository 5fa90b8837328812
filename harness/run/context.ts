/** The options of a run, and the context that each step of it gets. */
import type {LimitFunction} from 'p-limit';
import type {Packages} from '../artifacts/packages/packages.ts';
import type {PastSeconds} from '../history/durations.ts';
import type {
	Cell,
	CellHandle,
	Event,
	KnownFailure,
	NightlyVerdict,
	Origin,
	PlannedScenario,
	Result,
	ShardOfPlan,
} from '../model/index.ts';
import type {Lease} from '../processes/leases.ts';
import type {ArtifactSource} from '../provision/artifacts.ts';
import type {NewEvent} from '../record/record.ts';
import type {AskAtStop} from './debug.ts';
import type {RunDependencies} from './dependencies.ts';
import type {EndingEarly} from './ending-early.ts';

export interface RunOptions extends EndingEarly {
	cells: Cell[];
	/** Scenario files, absolute. */
	files: string[];
	/** The scenarios that the files announce. */
	scenarios: PlannedScenario[];
	/** The scenarios were chosen by line, so the files hold more than these. */
	isPart?: boolean;
	/** Only scenarios whose title contains one of these are run. */
	filter: string[];
	repeat: number;
	/** Each scenario, in each repetition, has machines of its own, even if they must be booted. */
	isolated?: boolean;
	/** Takes evidence of scenarios that passed, too. */
	evidenceOfPassed?: boolean;
	/** Ends the repetitions of a group early; it gets what its scenarios came to so far. Absent: all are made. */
	enough?: (results: readonly Result[]) => boolean;
	/**
	 * Asked when a cell has been proven: the scenarios whose failure is to be proven again, each try on machines of its own, until
	 * `isDecided`. Absent: none.
	 */
	again?: {
		of: (cell: Cell, events: readonly Event[]) => PlannedScenario[];
		isDecided: (results: readonly Result[]) => boolean;
		mostTries: number;
	};
	/** Asked when all cells have been proven: the run against its baseline. Absent: it has none. */
	judge?: (events: readonly Event[]) => NightlyVerdict;
	/** The folder of the run that this one is a part of: its own folder is below it, and `latest` stays what it is. Absent: none. */
	within?: string;
	/** Failures that are known. */
	knownFailures?: readonly KnownFailure[];
	/** The seed of the order of the scenarios; undefined: the order in which they were announced. */
	seed?: number;
	/** The quickest way in which machines may come up. */
	origin: Origin;
	/** Fixtures may be restored from snapshots, too. */
	reuseFixtures: boolean;
	/** Asked at each claim that did not pass, while its swarm is as it is. Absent: the run does not stop there. */
	debug?: AskAtStop;
	/** Leave the machines of the cells up; `failed`: in each cell, those on which something did not pass. */
	keep: boolean | 'failed';
	/** The machines are up already and stay up: nothing is reserved for them. See on-cell.ts. */
	onCell?: CellHandle;
	jobs: number | 'auto';
	packages: Packages;
	/** The plan of which this run is a part. */
	plan?: ShardOfPlan;
	/** The command line, for the record. */
	command: string[];
}

/** The context that every step of a run gets. */
export interface RunContext extends Omit<RunOptions, 'packages' | 'command' | 'judge'> {
	id: string;
	/** The run folder: absolute. */
	folder: string;
	lease: Lease;
	artifacts: ArtifactSource;
	/** Limits the swarms that are up at once to what this host can carry. */
	swarms: LimitFunction;
	/** One person answers, so one claim asks at a time. */
	stops: LimitFunction;
	/** How long cells and scenarios took the last time. */
	past: PastSeconds;
	/** Cells that a scenario changed. */
	changed: string[];
	/** Folders of the swarms that are left up. */
	kept: string[];
	signal: AbortSignal;
	/** Ends the run in order, as a signal of this name does. */
	end(signal: string): void;
	dependencies: RunDependencies;
	/** The record so far. */
	events: readonly Event[];
	/** Writes an event into the record, shows it, and brings the reports up to date. */
	emit(event: NewEvent): void;
}
