/**
 * Measures how often a verdict is wrong when nothing is wrong: `npm run bench:healthy -- 48` proves all scenarios 48 times on
 * healthy swarms, over engines and kernels in turn, each time in another order, a third of them on a busy host. Red results are
 * reported and kept, and never tried again. Docs: docs/verdicts.md.
 */
import {randomInt} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {execa} from 'execa';
import {UsageError} from '../harness/errors.ts';
import {packageRoot} from '../harness/package.ts';
import * as paths from '../harness/paths.ts';
import {appendLine} from '../harness/record/lines.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {keepBusy} from './busy.ts';
import {type PlannedRun, rotation} from './healthy-plan.ts';
import {type HealthyRun, outcomeOf, outcomeOfNothing, readRuns} from './healthy-record.ts';
import {healthyTables, runLine, sentence} from './healthy-table.ts';

const help = `npm run bench:healthy -- [N] [options] [-- options of swarmlab run]

Proves all scenarios N times (16, each pair once) and prints what came out. Exit code 1 when anything was red.

  --kernel <specs>     kernels, instead of 5.10,6.1,6.12,7
  --docker <specs>     engines, instead of 20.10@bullseye,20.10.24,26.1.5,28.5.2
  --scenario <file>    only this file; may be repeated
  --out <folder>       where its runs are kept: runs.jsonl, and the folder of each red run. A bench that was interrupted
                       goes on with the same command (reports/runs/healthy)
  --dry-run            only list the runs and what came of those that are done
  --table              only print the tables of the runs that are done

  npm run bench:healthy -- 48 -- --no-reuse-fixtures   saves less: 16 cells with fixture snapshots take some 40 GiB
  npm run bench:healthy -- 8 --kernel 6.1 --scenario scenarios/mesh.ts`;

const list = (texts: string[] | undefined, otherwise: string) =>
	(texts ?? [otherwise]).flatMap(each => each.split(','));

function readArguments() {
	const words = process.argv.slice(2);
	const cut = words.includes('--') ? words.indexOf('--') : words.length;
	const {values, positionals} = parseArgs({
		args: words.slice(0, cut),
		allowPositionals: true,
		options: {
			kernel: {type: 'string', multiple: true},
			docker: {type: 'string', multiple: true},
			scenario: {type: 'string', multiple: true, default: []},
			out: {type: 'string', default: path.join(paths.runs, 'healthy')},
			'dry-run': {type: 'boolean', default: false},
			table: {type: 'boolean', default: false},
			help: {type: 'boolean', default: false},
		},
	});
	const [count = '16', ...more] = positionals;
	if (!/^[1-9]\d{0,5}$/.test(count) || more.length > 0) {
		throw new UsageError(`The number of runs is a whole number from 1, not ${positionals.join(' ')}`);
	}

	return {
		...values,
		count: Number(count),
		kernels: list(values.kernel, '5.10,6.1,6.12,7'),
		engines: list(values.docker, '20.10@bullseye,20.10.24,26.1.5,28.5.2'),
		asked: [...values.scenario, ...words.slice(cut + 1)],
		out: path.resolve(values.out),
	};
}

type Arguments = ReturnType<typeof readArguments>;

/** Returns the runs that are done. Throws UsageError for a file whose runs are not those of this command. */
function readDone({out, asked}: Arguments, plan: readonly PlannedRun[]): HealthyRun[] {
	const file = path.join(out, 'runs.jsonl');
	if (!fs.existsSync(file)) {
		return [];
	}

	const {runs, problems} = readRuns(file);
	for (const problem of problems) {
		console.error(`warning: ${file}: ${problem}\n  → Mend the line, or delete it: its run is done again.`);
	}

	const done = runs.toSorted((a, b) => a.number - b.number);
	const stranger = done.find(
		each =>
			each.asked.join(' ') !== asked.join(' ') ||
			plan.some(
				({number, kernel, docker}) => number === each.number && (kernel !== each.kernel || docker !== each.docker),
			),
	);
	if (stranger) {
		throw new UsageError(
			`${file} is of another bench: its run ${stranger.number} is kernel ${stranger.kernel}, Docker ${stranger.docker} ${stranger.asked.join(' ')}`,
			{remedy: 'Name another folder with --out, or give the options of that bench.'},
		);
	}

	return done;
}

const interrupted = new AbortController();

/** Runs swarmlab once in a process of its own. Returns undefined if this bench was interrupted before a red result. */
async function runOnce(planned: PlannedRun, {asked, out}: Arguments): Promise<HealthyRun | undefined> {
	const seed = randomInt(2 ** 32);
	const folder = path.join(out, `run-${planned.number}`);
	fs.rmSync(folder, {recursive: true, force: true});
	fs.mkdirSync(folder, {recursive: true});
	const log = path.join(folder, 'output.log');
	const at = new Date().toISOString();
	const start = performance.now();
	const others = planned.busy ? keepBusy() : undefined;
	const words = [
		'run',
		...asked,
		'--kernel',
		planned.kernel,
		'--docker',
		planned.docker,
		'--seed',
		String(seed),
		'--json',
	];
	const child = execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
		cwd: packageRoot,
		env: {SWARMLAB_RUNS: folder},
		reject: false,
		stdin: 'ignore',
		stderr: {file: log},
		cleanup: true,
		// A terminal's Ctrl-C reaches only this process, which sends SIGINT to the run. The run then takes its machines down.
		detached: true,
	});
	const stop = () => child.kill('SIGINT');
	interrupted.signal.addEventListener('abort', stop, {once: true});
	if (interrupted.signal.aborted) {
		stop();
	}

	const {exitCode, signal, stdout} = await child;
	interrupted.signal.removeEventListener('abort', stop);
	await others?.end();
	const seconds = (performance.now() - start) / 1000;
	const ended = exitCode ?? 2;
	const summary = parsed(stdout);
	const said = lastWords(log);
	if (!summary && (ended === 64 || ended === 69)) {
		throw new UsageError(`swarmlab ${words.join(' ')} ended with ${ended}:\n${said}`);
	}

	const {aborted} = interrupted.signal;
	const came = summary ? outcomeOf(summary, ended, aborted) : outcomeOfNothing(planned, signal ?? ended, said);
	// If the bench was interrupted, red results before that are kept. Otherwise this run is still to do.
	if (aborted && (!summary || came.red.length === 0)) {
		fs.rmSync(folder, {recursive: true, force: true});
		return undefined;
	}

	if (came.red.length === 0) {
		fs.rmSync(folder, {recursive: true, force: true});
	}

	return {...planned, at, seed, asked, exitCode: ended, seconds, ...came};
}

function parsed(stdout: string): RunSummary | undefined {
	try {
		return JSON.parse(stdout) as RunSummary;
	} catch {
		return undefined;
	}
}

function lastWords(log: string): string {
	return fs.readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n');
}

async function main(): Promise<void> {
	const options = readArguments();
	if (options.help) {
		console.log(help);
		return;
	}

	const plan = rotation(options.count, options.kernels, options.engines);
	const done = readDone(options, plan);
	const known = new Map(done.map(each => [each.number, each]));
	if (options['dry-run']) {
		for (const each of plan) {
			const {number, kernel, docker, busy} = each;
			const run = known.get(number);
			console.log(
				run
					? runLine(run, plan.length)
					: `${number}/${plan.length} · to do · kernel ${kernel}, Docker ${docker} · ${busy ? 'busy' : 'idle'}`,
			);
		}

		return;
	}

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => interrupted.abort());
	}

	for (const planned of options.table ? [] : plan) {
		if (known.has(planned.number) || interrupted.signal.aborted) {
			continue;
		}

		const run = await runOnce(planned, options);
		if (run) {
			appendLine(path.join(options.out, 'runs.jsonl'), run);
			done.push(run);
			console.error(runLine(run, plan.length));
		}
	}

	console.log(done.length > 0 ? healthyTables(done) : 'No run is done yet.');
	if (interrupted.signal.aborted) {
		console.error(`Interrupted: ${sentence(done)} The same command goes on with it.`);
	}

	const red = done.some(each => each.red.length > 0);
	process.exitCode = red ? 1 : interrupted.signal.aborted ? 130 : 0;
}

try {
	await main();
} catch (error) {
	if (!(error instanceof UsageError) && !(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) {
		throw error;
	}

	const {message, remedy} = error as UsageError;
	console.error(`bench:healthy: ${message}\n  → ${remedy ?? 'npm run bench:healthy -- --help'}`);
	process.exitCode = 64;
}
