/** A search that has ended, as reports need it. */
import type {ChangelogEntry} from '../artifacts/packages/changelog.ts';
import type {Cell, PlannedScenario} from '../model/index.ts';
import type {Outcome} from './bisect.ts';
import type {Measurement} from './journal.ts';
import type {Axis, Version} from './points.ts';
import type {Rates} from './sequential.ts';

export interface Bisection {
	scenario: PlannedScenario;
	/** `kernel`, `docker` or `variant`. */
	axis: string;
	/** From the good end to the bad end. */
	versions: Version[];
	same: Axis['same'];
	end: Outcome['end'];
	found?: {good: string; bad: string; unknown: string[]};
	why?: string;
	/** In the order in which they were measured. */
	measurements: Measurement[];
	/** Entries of the changelog of the newer neighbour since the older one; absent: it could not be read. */
	changes?: ChangelogEntry[];
	rates: Rates;
	/** The cell of the good end. */
	cell: Cell;
	command: string[];
}
