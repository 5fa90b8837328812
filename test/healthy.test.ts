import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import fc from 'fast-check';
import {keepBusy} from '../bench/busy.ts';
import {rotation} from '../bench/healthy-plan.ts';
import {type HealthyRun, outcomeOf, outcomeOfNothing, readRuns} from '../bench/healthy-record.ts';
import {healthyTables, runLine} from '../bench/healthy-table.ts';
import {packageRoot} from '../harness/package.ts';
import {identify} from '../harness/processes/processes.ts';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {exitCode} from '../harness/record/summary/exit-code.ts';
import {summarise} from '../harness/record/summary/summarise.ts';

const words = (name: string, count: number) => Array.from({length: count}, (_, index) => `${name}${index}`);

test('whatever the number of runs, no pair is ahead of another by more than one, and a third is on a busy host', t => {
	fc.assert(
		fc.property(fc.nat(200), fc.integer({min: 1, max: 5}), fc.integer({min: 1, max: 5}), (count, kernels, engines) => {
			const runs = rotation(count, words('k', kernels), words('d', engines));
			const times = (some: typeof runs) =>
				[...Map.groupBy(some, ({kernel, docker}) => `${kernel} ${docker}`).values()].map(each => each.length);
			const pairs = kernels * engines;
			t.is(runs.length, count);
			t.deepEqual(
				runs.map(({number}) => number),
				words('', count).map(word => Number(word) + 1),
			);
			t.is(times(runs).length, Math.min(count, pairs));
			t.true(Math.max(...times(runs), 0) - Math.floor(count / pairs) <= 1);
			// Of three whole rounds each pair is on a busy host once.
			const three = rotation(pairs * 3, words('k', kernels), words('d', engines)).filter(({busy}) => busy);
			t.deepEqual(times(three), Array(pairs).fill(1));
		}),
	);
});

test('a longer bench begins as the shorter one did: it can be gone on with', t => {
	const [kernels, engines] = [words('k', 4), words('d', 4)];
	t.deepEqual(rotation(50, kernels, engines).slice(0, 17), rotation(17, kernels, engines));
});

const summary = summarise(sampleRun());
const asRun = (came: ReturnType<typeof outcomeOf>, more: Partial<HealthyRun> = {}): HealthyRun => ({
	...{number: 1, kernel: '6.1', docker: '20.10.24', busy: false, at: '', seed: 7, asked: [], exitCode: 1, seconds: 60},
	...came,
	...more,
});

test('everything red of a run is kept with its reason, and what is not red but reported', t => {
	const came = outcomeOf(summary, exitCode(summary));
	t.is(came.red.length, summary.counts.failed + summary.counts.broken);
	t.is(came.red.filter(({verdict}) => verdict === 'failed').length, summary.counts.failed);
	t.true(came.red.every(({reason}) => reason !== ''));
	t.true(came.notices.some(each => each.startsWith('tried again: ')));
	const tables = healthyTables([asRun(came), asRun({...came, red: []}, {number: 2, busy: true})]);
	for (const {title} of came.red) {
		t.true(tables.includes(title.slice(0, 20)), title);
	}

	t.regex(tables, /^2 runs in 0\.0 h, 1 on a busy host: \d+ results, \d+ of them red; \d+ skipped\.$/m);
	t.regex(runLine(asRun(came), 48), /^ ?1\/48 · .* · idle · seed 7 · 60 s · .*RED failed: /);
	t.notRegex(runLine(asRun(came), 48), /\n/);
});

test('a run that proved nothing, or reported nothing, is red', t => {
	const skipped = {...summary, cells: [], counts: {passed: 0, failed: 0, broken: 0, skipped: 0}};
	t.regex(outcomeOf(skipped, 2).red[0]?.reason ?? '', /ended with 2, though nothing was red/);
	t.deepEqual(outcomeOf(skipped, 0).red, []);
	const [planned] = rotation(1, ['6.1'], ['20.10.24']);
	t.regex(outcomeOfNothing(planned!, 'SIGKILL', 'out of memory').red[0]?.reason ?? '', /SIGKILL: out of memory/);
});

test('of an interrupted run only what was red before counts', t => {
	const early = sampleRun().slice(0, 40);
	const cut = summarise([...early, {at: early.at(-1)!.at, event: 'run-interrupted', signal: 'SIGINT'}]);
	const all = outcomeOf(cut, 2);
	const before = outcomeOf(cut, 2, true);
	t.true(all.red.length > before.red.length);
	t.true(before.red.every(({reason}) => !reason.includes('interrupted')));
	t.is(before.broken + before.failed >= before.red.length, true);
});

test('a line of an earlier version is read, and a damaged one costs its run and a sentence', t => {
	const out = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-healthy-'));
	t.teardown(() => fs.rmSync(out, {recursive: true}));
	const file = path.join(out, 'runs.jsonl');
	const run = asRun({...outcomeOf(summary, 1), notices: ['warning: slow']});
	const {notices, ...rest} = run;
	const lines = [
		{...rest, told: notices},
		run,
		rest,
		{...run, red: [{title: 5}]},
		{...run, cell: undefined},
		null,
		7,
		[],
	];
	fs.writeFileSync(file, lines.map(each => `${JSON.stringify(each)}\n`).join(''));
	const {runs, problems} = readRuns(file);
	t.is(runs.length, 2);
	t.deepEqual(runs[0]!.notices, ['warning: slow']);
	t.true(healthyTables(runs).includes('warning: slow'));
	t.true(runLine(runs[0]!, 48).startsWith(' 1/48'));
	t.is(problems.length, 6);
	t.is(problems[0], 'Line 3 is damaged and was left out: notices is missing.');
	t.regex(problems[1]!, /^Line 4 .*red\[0\]\.cell is missing, red\[0\]\.title is not a text/);
	t.is(problems[3], 'Line 6 is damaged and was left out: it is not an object.');
});

async function bench(out: string, ...more: string[]) {
	return execa(process.execPath, [path.join(packageRoot, 'bench/healthy.ts'), '3', '--out', out, ...more], {
		cwd: packageRoot,
		reject: false,
		all: true,
	});
}

test('an interrupted bench knows what is done, a torn line costs one run, and red makes it end with 1', async t => {
	const out = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-healthy-'));
	const [first, second] = rotation(3, ['5.10', '6.1', '6.12', '7'], ['20.10@bullseye', '20.10.24', '26.1.5', '28.5.2']);
	const green = {...outcomeOf(summary, 0), red: [], failed: 0, broken: 0};
	const file = path.join(out, 'runs.jsonl');
	const line = (run: HealthyRun) => JSON.stringify(run);
	fs.writeFileSync(
		file,
		`${line(asRun(green, {...first!, exitCode: 0}))}\n${line(asRun(green, second!)).slice(0, 50)}`,
	);
	const dry = await bench(out, '--dry-run');
	t.is(dry.exitCode, 0, dry.all);
	t.regex(dry.stdout, /^1\/3 · kernel .*passed/m);
	t.regex(dry.stdout, /^2\/3 · to do · kernel 6\.1, Docker 20\.10\.24 · idle$/m);
	t.regex(dry.stderr, /Line 2 is cut off/);
	const table = await bench(out, '--table');
	t.is(table.exitCode, 0, table.all);
	t.regex(table.stdout, /Nothing was red/);

	fs.writeFileSync(file, `${line(asRun(green, first!))}\n${line(asRun(outcomeOf(summary, 1), second!))}\n`);
	const red = await bench(out, '--table');
	t.is(red.exitCode, 1, red.all);

	const other = await bench(out, '--table', '--kernel', '6.1');
	t.is(other.exitCode, 64);
	t.regex(other.stderr, /is of another bench.*--out/s);
	t.is((await bench(out, '--table', '--', '--no-reuse-fixtures')).exitCode, 64);
	fs.rmSync(out, {recursive: true});
});

const lives = (pid: number) => identify(pid) !== undefined;

test('the process that keeps the CPUs busy ends when it is stopped, and when its parent was killed', async t => {
	const others = keepBusy(1);
	t.true(lives(others.pids[0]!));
	await others.end();
	t.false(lives(others.pids[0]!));

	const busy = JSON.stringify(path.join(packageRoot, 'bench/busy.ts'));
	const parent = spawn(process.execPath, [
		...['--input-type=module', '-e'],
		`import {keepBusy} from ${busy}; console.log(keepBusy(1).pids[0]); setInterval(() => {}, 1e6);`,
	]);
	const [line] = await once(parent.stdout, 'data');
	const pid = Number(line);
	t.true(pid > 0);
	const gone = once(parent, 'exit');
	parent.kill('SIGKILL');
	await gone;
	while (lives(pid)) {
		await delay(100);
	}

	t.pass();
});
