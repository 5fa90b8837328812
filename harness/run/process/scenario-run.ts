/** The request to run scenarios in a process, and its outcome. */
import type {Assignment, PlannedScenario} from '../../model/index.ts';
import type {MissingResult} from './missing.ts';
import type {ScenarioProgress} from './progress.ts';

export interface ScenarioRun {
	/** The file cell.json. */
	cellFile: string;
	assignment: Assignment;
	/** Absolute, in the order in which they are run. */
	files: readonly string[];
	/** The scenarios that were announced before. One that then does not register is reported as missing, too. */
	scenarios?: readonly PlannedScenario[];
	/** The order in which they run, across their files; omitted: as the files hold them. */
	order?: readonly PlannedScenario[];
	/** If aborted, the process is ended at once, with all that it started. */
	signal?: AbortSignal;
	/** Receives each line of AVA's output. All of it is in ava.log in the cell's folder as well. */
	onOutput?: (line: string) => void;
	onStarted?: (scenario: PlannedScenario) => void;
	/** Receives what the scenario waits for now. */
	onWaiting?: (scenario: PlannedScenario, until: string) => void;
	/** Receives a claim that waits for an answer. */
	onPaused?: (paused: PausedClaim) => Promise<void>;
	/** Seconds in which a file must load, and in which the process must end after its last result. */
	silenceLimitSeconds?: number;
}

/** A claim that did not pass, and waits. */
export type PausedClaim = Pick<ScenarioProgress, 'scenario' | 'verdict' | 'reason' | 'evidence'>;

/** The outcome. The missing results are in the file of results already. */
export interface ScenariosRun {
	missing: MissingResult[];
	/**
	 * The scenario that changed the cluster, and its changes; or that was red, and stays as it is. The scenarios after it were not
	 * run.
	 */
	dirtied?: {scenario: PlannedScenario; changes: string[]; stays?: true};
}
