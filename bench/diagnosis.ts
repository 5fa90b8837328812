/**
 * Measures what the diagnosis names: `npm run bench:diagnosis` puts each known cause into a healthy cell, by `swarmlab fault`,
 * sends traffic, takes evidence, and compares what is named with what was put in. The diagnosis knows the evidence alone. Docs:
 * docs/diagnosis.md.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {explain, HarnessError, UsageError} from '../harness/errors.ts';
import {appendLine, readLines} from '../harness/record/lines.ts';
import {keepBusy} from './busy.ts';
import {type Arguments, help, readArguments} from './diagnosis-arguments.ts';
import type {InjectedCause} from './diagnosis-cause.ts';
import {causes} from './diagnosis-causes.ts';
import {BenchCell} from './diagnosis-cell.ts';
import {judge, namedIn} from './diagnosis-judge.ts';
import {leftOf} from './diagnosis-left.ts';
import {expectedOn} from './diagnosis-links.ts';
import {causeMatrix} from './diagnosis-matrix.ts';
import {type CauseRun, causeLine, causeTables} from './diagnosis-table.ts';

const fileOf = ({out}: Arguments) => path.join(out, 'causes.jsonl');

function readDone(options: Arguments): CauseRun[] {
	if (!fs.existsSync(fileOf(options))) {
		return [];
	}

	const {values, problems} = readLines(fileOf(options));
	for (const problem of problems) {
		console.error(`warning: ${fileOf(options)}: ${problem}`);
	}

	return values as CauseRun[];
}

/** Seconds until services must have been tried, where the cause does not let them get ready. */
const startLimit = 45;

const interrupted = new AbortController();

/** Rejects when the bench is interrupted. */
const untilInterrupted = new Promise<never>((_, reject) => {
	interrupted.signal.addEventListener('abort', () => reject(new HarnessError('interrupted')), {once: true});
});
untilInterrupted.catch(() => {});

const print = (line: string) => console.error(`  ${line}`);

/** Puts one cause in, and takes it out again. */
async function runCause(
	cell: BenchCell,
	cause: InjectedCause,
	repetition: number,
	options: Arguments,
): Promise<CauseRun> {
	const {docker, kernel, provider} = options;
	const at = new Date().toISOString();
	const folder = path.join(options.out, `${docker}-${kernel}-${provider}`, `${cause.id}-${repetition}`);
	const about = {cause: cause.id, repetition, asked: {docker, kernel, provider}, cell: cell.label, at};
	const begun = Date.now() / 1000;
	const others = cause.busy ? keepBusy() : undefined;
	try {
		await cell.put(cause);
		if (cause.early) {
			await cell.startAnyway(startLimit);
		}

		const since = performance.now();
		await delay((cause.wait ?? 0) * 1000);
		const {failed, all} = await cell.traffic();
		const seconds = (performance.now() - since) / 1000;
		print(`${cause.id}: on for ${seconds.toFixed(0)} s, ${failed} of ${all} requests failed`);
		const load = os.loadavg()[0]!;
		const {diagnosis, evidenceSeconds, diagnosisMs} = await cell.look(folder, begun);
		const named = namedIn(diagnosis);
		const measured = {
			failed: `${failed}/${all}`,
			evidenceSeconds,
			diagnosisMs,
			folder: path.relative(options.out, folder),
		};
		return {...about, load, named, outcome: judge(expectedOn(provider, cause), named), ...measured};
	} finally {
		await others?.end();
	}
}

/** Takes all faults out, and waits until the cell is healthy. Returns seconds. */
async function undo(cell: BenchCell, cause: InjectedCause): Promise<number> {
	if (cause.faults.length > 0 || cause.typed) {
		await cell.heal(cause);
	}

	return cell.healthy();
}

/** Runs what is left, in cells that are made anew when one does not get healthy. */
async function runAll(options: Arguments, done: CauseRun[]): Promise<void> {
	const last = performance.now() + options.minutes * 60_000;
	let cell: BenchCell | undefined;
	const close = async () => {
		const open = cell;
		cell = undefined;
		await open?.close();
	};

	try {
		for (const {cause, repetition} of leftOf(options, done)) {
			if (interrupted.signal.aborted || performance.now() > last) {
				return;
			}

			const run = await Promise.race([runOne(cause, repetition), untilInterrupted]);
			appendLine(fileOf(options), run);
			done.push(run);
			console.error(causeLine(run));
		}
	} finally {
		await close();
	}

	async function runOne(cause: InjectedCause, repetition: number): Promise<CauseRun> {
		const {docker, kernel, provider} = options;
		const about = {cause: cause.id, repetition, asked: {docker, kernel, provider}, at: new Date().toISOString()};
		let run: CauseRun;
		try {
			if (cause.early) {
				await close();
			}

			cell ??= await BenchCell.open(options, print);
			if (!cause.early) {
				await cell.prepare(cause.encrypted ?? false);
			}

			run = await runCause(cell, cause, repetition, options);
		} catch (error) {
			const label = cell?.label ?? `kernel ${kernel}, Docker ${docker}`;
			if (error instanceof UsageError) {
				throw error;
			}

			// A fault that could not be put in is undone: the cell is as it was.
			await (cell && undo(cell, cause).catch(close));

			return {...about, cell: label, load: os.loadavg()[0]!, named: [], trouble: explain(error)};
		}

		try {
			if (cause.spoils) {
				await close();
				return run;
			}

			return {...run, healthySeconds: await undo(cell, cause)};
		} catch (error) {
			print(`${cause.id}: not healthy afterwards: ${explain(error)}`);
			await close();
			return run;
		}
	}
}

/** Judges kept evidence again. */
async function judgeAgain(options: Arguments, done: readonly CauseRun[]): Promise<CauseRun[]> {
	const {diagnose} = await import('../harness/diagnosis/diagnose.ts');
	const {readEvidence} = await import('../harness/evidence/folder.ts');
	return done.map(run => {
		const cause = causes.find(({id}) => id === run.cause);
		const folder = run.folder && path.join(options.out, run.folder);
		if (!cause || !folder || !fs.existsSync(folder)) {
			return run;
		}

		const named = namedIn(diagnose(readEvidence(folder)));
		return {...run, named, outcome: judge(expectedOn(run.asked.provider, cause), named)};
	});
}

async function main(): Promise<void> {
	const options = readArguments();
	if (options.help) {
		console.log(help);
		return;
	}

	if (options.list) {
		console.log(
			options.chosen
				.map(({id, what, faults}) => [id, what, ...faults.map(each => `fault add ${each}`)].join('\n    '))
				.join('\n'),
		);
		return;
	}

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => interrupted.abort());
	}

	const done = readDone(options);
	if (!options.table && !options.matrix && !options.again) {
		fs.mkdirSync(options.out, {recursive: true});
		await runAll(options, done).catch(error => {
			if (!interrupted.signal.aborted) {
				throw error;
			}
		});
	}

	const those = (options.again ? await judgeAgain(options, done) : done).filter(run =>
		options.chosen.some(({id}) => id === run.cause),
	);
	console.log(
		those.length === 0 ? 'No cause was run yet.' : (options.matrix ? causeMatrix : causeTables)(options.chosen, those),
	);
	if (interrupted.signal.aborted) {
		console.error('Interrupted: the same command goes on with it.');
	}

	const wrong = those.some(({outcome}) => outcome !== 'right');
	process.exitCode = interrupted.signal.aborted ? 130 : wrong ? 1 : 0;
}

try {
	await main();
} catch (error) {
	if (!(error instanceof UsageError) && !(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) {
		throw error;
	}

	const {message, remedy} = error as UsageError;
	console.error(`bench:diagnosis: ${message}\n  → ${remedy ?? 'npm run bench:diagnosis -- --help'}`);
	process.exitCode = 64;
}
