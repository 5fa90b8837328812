/**
 * What `--json` of each command prints. `printJson` takes nothing else, and schemas/ is made from these types: a program that reads
 * an output can check it.
 */
import type {ComparisonJson} from '../../reports/comparison-json.ts';
import type {Bisection} from '../bisect/result.ts';
import type {RunEntry, Strip} from '../history/history.ts';
import type {Check} from '../host/index.ts';
import type {CellHandle, Diagnosis, Engine, Event, FaultStatus, Kernel, NodeFaultStatus} from '../model/index.ts';
import type {Flow} from '../network/capture/flows.ts';
import type {PlanFile} from '../plan/plan-file.ts';
import type {CleanupResult} from '../processes/leases.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import type {StoredArtifact} from '../store/stored.ts';
import type {NodeFaultKind} from './node-fault.ts';
import type {SavedRow} from './snapshot.ts';
import type {HostStatus} from './status-read.ts';

/** By the name of the command, without `swarmlab`. */
export interface Outputs {
	bisect: Bisection;
	box: {name: string; file: string; added: boolean};
	/** What passed the switch, the flow with most frames first. */
	capture: Flow[];
	compare: ComparisonJson[];
	/** Each folder of evidence. */
	diagnose: {folder: string; diagnosis: Diagnosis}[];
	doctor: Check[];
	engines: Engine[];
	fault: (FaultStatus | NodeFaultStatus)[];
	'fault-kinds': NodeFaultKind[];
	/** What was removed; with `--dry-run`, what would be. */
	gc: CleanupResult[];
	history: {runs: RunEntry[]; strips: Strip[]};
	images: ListedArtifact[];
	kernels: Kernel[];
	plan: PlanFile;
	/** A line of `run.jsonl`; no command prints it. */
	'record-line': Event;
	/** Of `save` and `remove`. `restore` prints what `up` does. */
	snapshot: SavedRow;
	'snapshot-list': SavedRow[];
	status: HostStatus;
	/** `run`, `merge`, `report` and `reproduce`. */
	summary: RunSummary;
	up: CellHandle;
}

interface ListedArtifact extends Omit<StoredArtifact, 'usedAt'> {
	/** ISO 8601, UTC. */
	usedAt: string;
	inUse: boolean;
}
