/** The log of a cell while it comes up. It is made once for each cell and passed down unchanged. */
import type {CellStage, Reason} from '../model/index.ts';
import type {MachineLog} from '../providers/provider.ts';
import type {NewEvent} from '../record/record.ts';
import type {Report} from '../store/report.ts';

export interface CellLog extends MachineLog {
	/** Logs what is done next with the cell. */
	stage(name: CellStage): void;
	/** Logs a retry of infrastructure that does not belong to a single machine. */
	retried(reason: Reason): void;
	warn(message: string): void;
	/** Logs how an artifact is found or built. */
	artifact: Report;
}

/** Returns a log that emits everything as events of a run's record. */
export function cellLog(cell: string, emit: (event: NewEvent) => void): CellLog {
	return {
		stage: stage => emit({event: 'cell-stage', cell, stage}),
		machine: (machine, doing) => emit({event: 'machine', cell, machine, doing}),
		machineRetried: (machine, reason, consoleTail) =>
			emit({event: 'infrastructure-retry', cell, machine, reason, consoleTail}),
		retried: reason => emit({event: 'infrastructure-retry', cell, reason}),
		warn: message => emit({event: 'notice', level: 'warning', cell, message}),
		artifact: emit,
	};
}
