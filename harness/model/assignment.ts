/** What a scenario process is to do. */
import type {CellHandle} from './handles.ts';
import type {Wanted} from './scenarios.ts';

/**
 * What one scenario process is to do on a cell: the file `assignment.json`, written before each start. It is not a part of
 * `cell.json`, because that is read by other commands for as long as the cell is up, and must not change under them.
 */
export interface Assignment {
	/** File that the process appends one Result per line to. */
	results: string;
	/** Only scenarios whose title contains one of these (case-insensitive) are proven; empty: all. */
	filter: string[];
	/** Only these are proven; without: all. */
	only?: Wanted[];
	/** File that describes the fixture that stands on the machines. It may not be there yet. */
	fixtureFile: string;
	/** Which repetition of the scenarios this is, from 1. */
	repetition: number;
}

/** A cell, and what is to be done on it. */
export interface Job {
	cell: CellHandle;
	assignment: Assignment;
}
