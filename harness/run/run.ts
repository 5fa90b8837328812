/** A run: takes cells, writes the record and the reports. All steps are in one function. */
import path from 'node:path';
import pLimit from 'p-limit';
import {pastSeconds} from '../history/durations.ts';
import type {Event} from '../model/index.ts';
import * as paths from '../paths.ts';
import {takeLease, writeLease} from '../processes/leases.ts';
import {cellFilePath} from '../provision/cell-file.ts';
import {type NewEvent, openRecord} from '../record/record.ts';
import {exitCode} from '../record/summary/exit-code.ts';
import {type RunSummary, summarise} from '../record/summary/summarise.ts';
import {workspace} from '../workspace.ts';
import {runCell} from './cell.ts';
import {releaseLease} from './cleanup.ts';
import type {RunContext, RunOptions} from './context.ts';
import {type RunDependencies, realDependencies} from './dependencies.ts';
import {countFailures, EndedEarly} from './ending-early.ts';
import {hostFacts, withHostKernels} from './host-facts.ts';
import {onInterrupt} from './interrupt.ts';
import {pointLatestTo} from './latest.ts';
import {onCell} from './on-cell.ts';
import {makeRunFolder} from './run-id.ts';
import {cellsAtOnce, longestFirst, swarmsAtOnce} from './schedule.ts';
import {keepSources} from './sources.ts';

export interface RunOutcome {
	folder: string;
	summary: RunSummary;
	exitCode: number;
	/** A scenario changed a cell that is up and stays up. */
	changed?: true;
	/** The id of the run, if cells of it stay up; and their ids. */
	kept?: {run: string; cells: string[]};
}

/** How a run is shown to people and to programs. */
export interface Reports {
	/** Shows the run in this folder while it goes on. */
	open(folder: string): Reporter;
	/** Writes the files, complete each time, also for a run that is under way. Throws HarnessError. */
	write(folder: string, events: readonly Event[]): {advice: string[]};
}

interface Reporter {
	/** Never throws. */
	onEvent(event: Event): void;
	/** Writes the last lines; `advice` is what a reader of the files has to know. */
	end(advice?: readonly string[]): void;
}

/** Runs the scenarios on every cell. Throws only if the record cannot be written, after everything was taken down. */
export async function runMatrix(
	options: RunOptions,
	reports: Reports,
	given: RunDependencies = realDependencies,
): Promise<RunOutcome> {
	const dependencies = options.onCell ? onCell(options.onCell, options.scenarios, given) : given;
	// 1. A folder, a record and a lease (so that gc finds everything after a crash). What can throw comes before the lease.
	const host = await hostFacts(options.cells, dependencies.providers);
	const {id, folder} = makeRunFolder(options.within ?? paths.runs);
	const record = openRecord(folder);
	if (options.within === undefined) {
		pointLatestTo(id, paths.runs);
	}

	const lease = takeLease(id);
	const reporter = reports.open(folder);
	const files = keepReports(async () => reports.write(folder, record.events));
	// From here on Ctrl-C takes the machines down and writes the reports. A record that cannot be written does the same.
	let unwritten: unknown;
	const interrupt = onInterrupt(signal => emit({event: 'run-interrupted', signal}));
	const failures = countFailures(options, options, message => {
		emit({event: 'notice', level: 'warning', message});
		interrupt.abort(new EndedEarly(message));
	});
	const emit = (event: NewEvent) => {
		try {
			record.append(event);
		} catch (error) {
			unwritten ??= error;
			interrupt.abort(error);
		}

		reporter.onEvent(record.events.at(-1)!);
		files.schedule();
		failures.see(event);
	};
	const start = performance.now();
	const cells = await withHostKernels(options.cells, dependencies.providers);
	const {command, scenarios, seed, knownFailures = [], plan} = options;
	emit({
		event: 'run-started',
		run: id,
		...{command, host, cells, scenarios, seed},
		sources: keepSources(options.files, folder, workspace),
		...(knownFailures.length > 0 && {knownFailures: [...knownFailures]}),
		...(plan && {plan}),
	});

	// 2. The context that every step gets.
	const context: RunContext = {
		...options,
		cells,
		id,
		folder,
		lease,
		artifacts: dependencies.createArtifactSource(options.packages, emit, proof =>
			emit({event: 'accelerator', ...proof}),
		),
		swarms: pLimit(swarmsAtOnce(options.jobs, cells)),
		stops: pLimit(1),
		past: pastSeconds(),
		kept: [],
		changed: [],
		...(options.untilFailure && {enough: failures.enough}),
		signal: interrupt.signal,
		end: interrupt.end,
		dependencies,
		events: record.events,
		emit,
	};

	// 3. The cells, as many at once as the host can carry.
	const line = pLimit(cellsAtOnce(options.jobs, cells));
	await Promise.all(
		longestFirst(cells, ({id}) => context.past.cells[id]).map(async cell => line(async () => runCell(context, cell))),
	);

	// 4. Everything is removed, unless the user asked to keep it.
	const {aborted, reason} = interrupt.signal;
	const kept = aborted && !(reason instanceof EndedEarly) ? [] : context.kept;
	if (kept.length > 0) {
		writeLease({...lease, kept: true, cells: kept.map(cellFilePath)});
	} else {
		const {leftovers} = await releaseLease(lease, dependencies.providers);
		for (const what of leftovers) {
			emit({event: 'leftover', cell: '', what, why: 'it could not be removed'});
		}

		await context.artifacts.untilIdle();
	}

	// 5. The run against its baseline, and the reports, from the record.
	if (options.judge) {
		emit({event: 'judged', verdict: options.judge(record.events)});
	}

	emit({event: 'run-finished', seconds: (performance.now() - start) / 1000});
	interrupt.stop();
	const written = await files.now();
	const summary = summarise(record.events);
	reporter.end(written?.advice);
	if (unwritten) {
		throw unwritten;
	}

	const up = kept.map(swarm => path.basename(path.dirname(swarm)));
	return {
		...{folder, summary, exitCode: exitCode(summary)},
		...(options.onCell && context.changed.length > 0 && {changed: true as const}),
		...(up.length > 0 && {kept: {run: id, cells: up}}),
	};
}

/** Writes the reports at most every few seconds while results come in, and once more at the end. */
function keepReports(writeAll: () => Promise<{advice: string[]}>) {
	let timer: NodeJS.Timeout | undefined;
	let writing: Promise<{advice: string[]} | undefined> = Promise.resolve(undefined);
	const write = () => {
		writing = writing.then(writeAll).catch(() => undefined);
		return writing;
	};

	return {
		schedule() {
			timer ??= setTimeout(() => {
				timer = undefined;
				void write();
			}, 3000);
		},
		async now() {
			clearTimeout(timer);
			return write();
		},
	};
}
