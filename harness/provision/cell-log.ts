/** What is told while a cell comes up: made once for a cell, and handed down unchanged. */
import type {CellStage, Reason} from '../model/index.ts';
import type {MachineLog} from '../providers/provider.ts';
import type {NewEvent} from '../record/record.ts';
import type {Report} from '../store/report.ts';

export interface CellLog extends MachineLog {
	/** What is done next with the cell. */
	stage(name: CellStage): void;
	/** Something of ours was tried again that is no single machine's. */
	retried(reason: Reason): void;
	warn(message: string): void;
	/** How an artifact comes about. */
	artifact: Report;
}

/** Tells everything as events of a run's record. */
export function cellLog(cell: string, tell: (event: NewEvent) => void): CellLog {
	return {
		stage: stage => tell({event: 'cell-stage', cell, stage}),
		machine: (machine, doing) => tell({event: 'machine', cell, machine, doing}),
		machineRetried: (machine, reason, consoleTail) =>
			tell({event: 'infrastructure-retry', cell, machine, reason, consoleTail}),
		retried: reason => tell({event: 'infrastructure-retry', cell, reason}),
		warn: message => tell({event: 'notice', level: 'warning', cell, message}),
		artifact: tell,
	};
}
