/** What is asked of a scenario process, and what came of it. */
import type {Assignment, PlannedScenario} from '../../model/index.ts';
import type {MissingResult} from './missing.ts';

export interface ScenarioRun {
	/** The file cell.json. */
	cellFile: string;
	assignment: Assignment;
	/** Absolute, in the order in which they are run. */
	files: readonly string[];
	/** What was announced before; a scenario that then does not register is missed as well. */
	scenarios?: readonly PlannedScenario[];
	/** The order in which they are proven, whatever their files; without: as the files hold them. */
	order?: readonly PlannedScenario[];
	/** Told to end: the process goes at once, with all that it started. */
	signal?: AbortSignal;
	/** A line of AVA's own output. All of it is in ava.log in the cell's folder as well. */
	onOutput?: (line: string) => void;
	onStarted?: (scenario: PlannedScenario) => void;
	/** What the scenario waits for now. */
	onWaiting?: (scenario: PlannedScenario, until: string) => void;
	/** Seconds in which a file must load, and in which the process must end after its last result. */
	silenceLimitSeconds?: number;
}

/** What came of it; the missing are among the results already. */
export interface ScenariosRun {
	missing: MissingResult[];
	/** A scenario that left the cluster other than it was, and how: those after it were not run. */
	dirtied?: {scenario: PlannedScenario; changes: string[]};
}
