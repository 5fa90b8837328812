/** What a run is asked for, and what each step of it is handed. */
import type {LimitFunction} from 'p-limit';
import type {Packages} from '../artifacts/packages/packages.ts';
import type {PastSeconds} from '../history/durations.ts';
import type {Cell, Origin, PlannedScenario} from '../model/index.ts';
import type {Lease} from '../processes/leases.ts';
import type {ArtifactSource} from '../provision/artifacts.ts';
import type {NewEvent} from '../record/record.ts';
import type {RunDependencies} from './dependencies.ts';

export interface RunOptions {
	cells: Cell[];
	/** Scenario files, absolute. */
	files: string[];
	/** What the files announce. */
	scenarios: PlannedScenario[];
	/** The files hold more than these scenarios, which were chosen by line. */
	isPart?: boolean;
	/** Only scenarios whose title contains one of these are proven. */
	filter: string[];
	repeat: number;
	/** What the order of the scenarios is made of; undefined: as they were announced. */
	seed?: number;
	/** The quickest way in which machines may come up. */
	origin: Origin;
	/** Fixtures may be restored from snapshots, too. */
	reuseFixtures: boolean;
	/** Leave the machines of the cells up. */
	keep: boolean;
	jobs: number | 'auto';
	packages: Packages;
	/** The command line, for the record. */
	command: string[];
}

/** What every step of a run is handed. */
export interface RunContext extends Omit<RunOptions, 'packages' | 'command'> {
	id: string;
	/** The run folder: absolute. */
	folder: string;
	lease: Lease;
	artifacts: ArtifactSource;
	/** As many swarms as this host carries at once run under it. */
	swarms: LimitFunction;
	/** How long everything took the last time. */
	past: PastSeconds;
	/** Folders of the swarms that are left up. */
	kept: string[];
	signal: AbortSignal;
	dependencies: RunDependencies;
	/** Writes an event into the record, shows it, and brings the reports up to date. */
	emit(event: NewEvent): void;
}
