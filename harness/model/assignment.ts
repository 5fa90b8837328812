/** What a scenario process has to do. */
import type {CellHandle} from './handles.ts';
import type {Claim, Wanted} from './scenarios.ts';

/**
 * What one scenario process has to do on a cell: the file `assignment.json`, written before each start. It is separate from
 * `cell.json`, because other commands read that file while the cell is up, and it must not change under them.
 */
export interface Assignment {
	/** File that the process appends one Result per line to. */
	results: string;
	/** Only scenarios whose title contains one of these (case-insensitive) are proven; empty: all. */
	filter: string[];
	/** Only these are proven; if absent: all. */
	only?: Wanted[];
	/** File that describes the fixture on the machines. It may not exist yet. */
	fixtureFile: string;
	/** Folder of the cell that was up, if the run proves on one: there stand the faults in nodes that were put in by hand. */
	upFolder?: string;
	/** The machines are thrown away after the scenario, so nothing on them need be removed. */
	thrownAway?: true;
	/**
	 * If one of these is red (`run --keep=failed`), all stays as it is: nothing is removed, and no other scenario runs on these
	 * machines.
	 */
	staysIfRed?: Claim[];
	/** An earlier repetition failed, and its evidence is enough. */
	withoutEvidence?: true;
	/** Evidence is taken of a scenario that passed, too: before what it made is removed. */
	evidenceOfPassed?: true;
	/** A claim that did not pass waits, with all that it made, until the harness answers: see DebugAnswer. */
	debug?: true;
	/** Which repetition of the scenarios this is, from 1. */
	repetition: number;
}

/** How a claim that waits goes on: it ends, or it is proven again once what it made is removed. */
export type DebugAnswer = 'go on' | 'retry';

/** A cell, and the work to do on it. */
export interface Job {
	cell: CellHandle;
	assignment: Assignment;
}
