/**
 * The command line as a person or a CI meets it: the real program, its output and its exit code.
 * One after the other: two dozen programs at once would only make each slow.
 */
import {existsSync, readFileSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {packageRoot} from '../harness/package.ts';
import {identify} from '../harness/processes/processes.ts';
import {asLines, cells, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {dividedRecord} from '../harness/record/fixtures/shards.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-cli-'));
const scenario = path.join(folder, 'one.ts');
await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
await writeFile(scenario, "import 'swarmlab';\nconsole.log(JSON.stringify({title: 'one holds', line: 1}));\n");
const bad = path.join(folder, 'bad.ts');
await writeFile(bad, "import 'swarmlab';\nthrow new Error('no luck');\n");
const exits = path.join(folder, 'exits.config.ts');
await writeFile(exits, 'process.exit(0);\n');

const wrongNeeds = path.join(folder, 'wrong.ts');
await writeFile(
	wrongNeeds,
	[
		"import {scenario} from 'swarmlab';",
		"scenario('a', {cluster: 'frsh'} as never, async () => {});",
		"scenario('b', {workers: -1}, async () => {});",
		"(scenario as any)('c');",
	].join('\n'),
);

const wrongExpected = path.join(folder, 'wrong-expected.ts');
await writeFile(
	wrongExpected,
	[
		"import {scenario} from 'swarmlab';",
		"scenario('a', {issue: 'moby/moby#1', expected: [{fails: '<20,'}]} as never, async () => {});",
		"scenario('b', {expected: 'unknown'}, async () => {});",
		"scenario('c', {issue: 'moby/moby#1', steps: ['docker ps']}, async () => {});",
	].join('\n'),
);

const ofStacks = path.join(packageRoot, 'scenarios/devstack/exercises.ts');

/** Whatever the environment of the tests asks for: FORCE_COLOR would win, and Node warns of it. */
const uncoloured = {NO_COLOR: '1', FORCE_COLOR: undefined};

/** Runs the program with a state of its own, so that nothing of this host is seen or touched. */
function swarmlab(words: string[], env: Record<string, string> = {}) {
	return execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
		reject: false,
		stdin: 'ignore',
		cwd: folder,
		env: {SWARMLAB_STATE: path.join(folder, 'state'), SWARMLAB_RUNS: path.join(folder, 'runs'), ...uncoloured, ...env},
	});
}

const wrong: [words: string[], message: RegExp][] = [
	[['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/],
	[['run', '--kernl', '6.1'], /unknown option '--kernl'\n\(Did you mean --kernel\?\)/],
	[['run', '--repeat'], /argument missing/],
	[['run', '--shard', '1/2'], /--shard is a part of a plan, and no --plan is given/],
	[['run', '--plan', 'nowhere.json'], /There is no plan nowhere\.json/],
	[
		['run', '--plan', 'plan.json', '--kernel', '6.1', '--grep-invert', 'x', scenario],
		/With --plan nothing else is chosen: leave out .*one\.ts, --kernel, --grep-invert\./,
	],
	[['merge', 'nothing-of-this-name'], /There is no run/],
	[
		['init', '--ci', 'girhub', '--provider', 'docker'],
		/--provider: 'docker' is not valid\. Valid: qemu, [\s\S]*--ci: 'girhub' is not valid.*Did you mean 'github'\?[\s\S]*→ \S.* init --help/,
	],
	[['init', path.join(packageRoot, 'docs')], /docs is in the clone of swarmlab[\s\S]*→ Go to a folder of your own/],
	[['reproduce'], /No report is named/],
	[
		['reproduce', '40988'],
		/No file in scenarios\/issues is about 40988\. The nearest files: \S*40989-.*\n {2}→ Write one: \S.* reproduce --new moby\/moby#40988/,
	],
	[['reproduce', 'CVE-2023-28843'], /The nearest files: \S*cve-2023-28840-\S+ \S*cve-2023-28841-/],
	[['reproduce', 'docker/for-linux#40989'], /No file in scenarios\/issues is about docker\/for-linux#40989/],
	[
		['reproduce', path.join(packageRoot, 'scenarios/vip.ts')],
		/vip\.ts reproduces no report: none of its scenarios has an issue/,
	],
	[
		['reproduce', '--new', '40989', '--fails', '~20'],
		/names no report[\s\S]*--title is missing[\s\S]*'~20' is not understood/,
	],
	[
		['reproduce', '--new', 'moby/moby#1', '--title', 'x', '--outsiders', '9'],
		/--outsiders: '9' is not valid\. Valid: a whole number from 0 to 5/,
	],
	[['reproduce', '--new', 'moby/moby#1', '--title', 'x', '--step', 'docker ps'], /does not say where: 'm1: docker ps'/],
	[['up', '--like', '40988'], /No file in scenarios\/issues is about 40988/],
	[
		['plan', wrongExpected],
		/expected\[0\]\.fails: '<20,' is no range of versions[\s\S]*expected\[0\]\.because is missing[\s\S]*and no issue[\s\S]*steps: \["docker ps"\] is not valid/,
	],
	[['plan', '--repeat', '0', scenario], /--repeat: 0 is not valid[\s\S]*→ See node \S+ plan --help/],
	[['plan', '--kernel', '', scenario], /--kernel: '' is not valid[\s\S]*→ See node \S+ plan --help/],
	[['plan', '--cell', '', scenario], /--cell: '' chooses no cell/],
	[['plan', '--filter', '', scenario], /--filter: '' chooses nothing/],
	[['plan', `${scenario}:0`], /No scenario stands at .*one\.ts:0/],
	[['plan', path.join(folder, 'package.json')], /package\.json is no scenario file/],
	[
		['plan', wrongNeeds],
		/There is no scenario to prove:\n.*Did you mean 'fresh'[\s\S]*workers: -1[\s\S]*needs is missing[\s\S]*prove, is missing/,
	],
	[['plan', scenario, '--exclude', '*'], /Every cell is excluded by '\*'[\s\S]*→ Change --exclude\./],
	[['plan', scenario, '--exclude', 'k0.1'], /--exclude: no cell matches 'k0\.1'\. The cells there are:\n {2}qemu-/],
	[['plan', scenario, '--cell', 'qemu', '--cell', 'k0.1'], /No cell matches 'k0\.1'/],
	[['plan', scenario, '--filter', 'one', '--filter', 'two'], /No scenario's title contains 'two'/],
	[['bisect', scenario], /--axis and --good and --bad are missing/],
	[['bisect', scenario, '--axis', 'engine'], /Allowed choices are kernel, docker, variant/],
	[
		['bisect', scenario, '--axis', 'docker', '--good', '28.5', '--bad', '20.10', '--bad-rate', '5'],
		/--bad-rate 5: both/,
	],
	[['compare', '--cell', 'a', '--cell', 'b', '--cell', 'c'], /There is no run in/],
	[['compare', 'scenarios/dns.ts'], /is no run\. Scenarios are run only if kernels or engines are named/],
	[['help', 'nope'], /unknown command 'nope'/],
	[['destroy'], /unknown command 'destroy'\n\(Did you mean down\?\)/],
	[['exec', 'm1'], /missing required argument 'command'/],
	[['down', 'a', 'b'], /too many arguments/],
	[
		['run', '--jobs', 'atuo', '--memory', '12', scenario],
		/--memory: 12 is not valid[\s\S]*--jobs: 'atuo' is not valid.*Did you mean 'auto'/,
	],
	[['run', path.join(folder, 'on.ts')], /no scenario file .*on\.ts\. Did you mean one\.ts\?/],
	[['run', scenario, '--filter', 'two'], /No scenario's title contains 'two'[\s\S]*one holds/],
	[['run', '--config', 'nowhere.ts'], /no config file .*nowhere\.ts/],
	[['plan', ofStacks, '--stack', 'rehersal'], /no stack 'rehersal'\. Did you mean rehearsal\?/],
	[['plan', ofStacks, '--stack', 'devstack:stein'], /DevStack stein has no exercises[\s\S]*Tempest/],
	[
		['plan', ofStacks, '--stack', 'devstack:mitaka'],
		/DevStack mitaka does not know \w+: its stack\.sh accepts trusty, vivid, wily/,
	],
	[['plan', ofStacks, '--localrc', 'no line'], /'no line' is no line of local\.conf/],
	[['plan', scenario, '--stack', 'rehearsal'], /None of these scenarios is about a stack/],
	[['run', ofStacks, '--stack', 'rehearsal', '--filter', 'zaqar'], /None of the cells has what is claimed: zaqar/],
	[['run', ''], /'' is no scenario file/],
	[['plan', ''], /'' is no scenario file/],
	[['plan', bad], /There is no scenario to prove:\n {2}.*bad\.ts:2 does not load: Error: no luck/],
	[['run', bad], /There is no scenario to prove:\n {2}.*bad\.ts:2 does not load: Error: no luck/],
	[['run', '--config', exits, scenario], /exits\.config\.ts does not load: it ended its process \(exit code 0\)/],
	[['plan', '--config', exits, scenario, '--json'], /exits\.config\.ts does not load: it ended its process/],
	[['ssh', 'm1'], /No cell is up/],
	[['cp', 'a', 'b'], /Neither a nor b is on a machine[\s\S]*→ .* cp m1:/],
	[['cp', 'm1:', 'b'], /'m1:' has no path/],
	[['cp', 'm1:/x', '.'], /No cell is up/],
	[['ssh-config'], /No cell is up/],
	[['show', '--port', '8080'], /--port is of --serve/],
	[['show', '--serve', '--port', '99999'], /--port: '99999' is not valid/],
	[['show', 'nothing-of-this-name'], /There is no run/],
	[['run', scenario, '--on', 'k6.1'], /No cell is up[\s\S]*→ \S.* up$/m],
	[
		['run', scenario, '--on', 'k6.1', '--kernel', '6.1', '--keep'],
		/With --on the cell is up as it is.*leave out --kernel, --keep\./,
	],
	[['run', scenario, '--watch', '--json'], /--watch proves again and again on one cell: leave out --json\./],
	[
		['run', scenario, '--watch', '--kernel', '6.1,6.12'],
		/Only one cell can be brought up here, and these are asked for:/,
	],
	[['run', scenario, '--keep=faild'], /--keep.*'faild' is invalid\. Allowed choices are always, failed/],
];

test.serial('init in a folder without rights is refused in a sentence: 69', async t => {
	const locked = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-locked-'));
	t.teardown(() => rm(locked, {recursive: true}));
	await chmod(locked, 0o555);
	// root may write anywhere, unless it lacks this capability.
	const plainly = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : ['env'];
	const [program, ...before] = plainly;
	const {exitCode, stderr} = await execa(
		program!,
		[...before, process.execPath, path.join(packageRoot, 'harness/cli.ts'), 'init'],
		{cwd: locked, reject: false, env: uncoloured, stdin: 'ignore'},
	);
	t.is(exitCode, 69, stderr);
	t.regex(
		stderr,
		/^swarmlab: \S+ cannot be written: EACCES: permission denied\.\n {2}→ Choose a folder of your own: \S.* init FOLDER$/,
	);
	t.deepEqual(await readdir(locked), []);
});

test.serial(
	'at a terminal init asks for what no option gives, and again after an answer that is not valid',
	async t => {
		const fresh = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-fresh-'));
		t.teardown(() => rm(fresh, {recursive: true}));
		const command = [process.execPath, path.join(packageRoot, 'harness/cli.ts'), 'init', '--docker', '28.5'].join(' ');
		const terminal = execa('script', ['-qec', command, '/dev/null'], {cwd: fresh, reject: false, env: uncoloured});
		const answers: [after: RegExp, answer: string][] = [
			[/come from\?.*\[qemu\] /, 'contianer'],
			[/Did you mean 'container'\?[\s\S]*\[qemu\] /, 'container'],
			[/which CI .*\[none\] /, ''],
		];
		let seen = '';
		for await (const text of terminal.stdout) {
			seen += String(text);
			if (answers[0]?.[0].test(seen)) {
				terminal.stdin.write(`${answers.shift()![1]}\n`);
				seen = '';
			}
		}

		t.is((await terminal).exitCode, 0, seen);
		t.deepEqual(answers, [], seen);
		const config = readFileSync(path.join(fresh, 'swarmlab.config.mts'), 'utf8');
		t.regex(config, /providers: \['container'\][\s\S]*engines: \['28\.5'\]/);
		t.deepEqual((await readdir(fresh)).sort(), ['.gitignore', 'scenarios', 'swarmlab.config.mts']);
	},
);

test.serial(
	'the runs of shards are merged to a run with their evidence; a shard that is missing makes it broken',
	async t => {
		const runs = path.join(folder, 'shard-runs');
		t.teardown(() => rm(runs, {recursive: true, force: true}));
		const ids = cells.map(({id}) => id);
		const shards = dividedRecord(sampleRun(), [ids.slice(0, 1), ids.slice(1)]);
		for (const [index, events] of shards.entries()) {
			const evidence = path.join(runs, `part-${index + 1}`, 'cells', String(index));
			await mkdir(evidence, {recursive: true});
			await writeFile(path.join(evidence, 'console.log'), 'booted');
			await writeFile(path.join(runs, `part-${index + 1}`, 'run.jsonl'), asLines(events));
		}

		const merge = (...words: string[]) => swarmlab(['merge', ...words], {SWARMLAB_RUNS: runs});
		const whole = await merge('part-2', 'part-1');
		t.is(whole.exitCode, 1, whole.stderr);
		const latest = path.join(runs, 'latest');
		const junit = readFileSync(path.join(latest, 'junit.xml'), 'utf8');
		t.true(ids.every(id => junit.includes(id)));
		t.deepEqual((await readdir(path.join(latest, 'cells'))).sort(), ['0', '1']);
		const part = await merge('part-1');
		t.is(part.exitCode, 2, part.stderr);
		t.regex(part.stderr, /warning: the shard 2 is missing: what it was to run is broken/);
		t.true(readFileSync(path.join(latest, 'junit.xml'), 'utf8').includes('no shard ran it: the shard 2/2 is missing'));
		const twice = await merge('part-1', path.join(runs, 'part-1'));
		t.is(twice.exitCode, 64, twice.stderr);
		t.regex(twice.stderr, /The shard 1\/2 is there more than once: part-1, /);
	},
);

for (const [words, message] of wrong) {
	test.serial(`\`swarmlab ${words.map(word => path.basename(word)).join(' ')}\` is wrong usage: 64`, async t => {
		const {exitCode, stderr, stdout} = await swarmlab(words);
		t.is(exitCode, 64, stderr);
		t.regex(stderr, message);
		t.regex(stderr, / {2}→ /);
		t.notRegex(stderr, /\n\s+at /, 'a stack is for defects of ours');
		// The rest of a plan is an answer all the same.
		t.true(stdout === '' || words.includes(wrongNeeds) || words.includes(wrongExpected), stdout);
	});
}

test.serial('a plan shows what the options of a run change', async t => {
	const options = ['--repeat', '3', '--jobs', '2', '--cold', '--filter', 'ONE', '--keep'];
	// The word after --keep is a file.
	const {stdout, stderr, exitCode} = await swarmlab(['plan', ...options, `${scenario}:1`]);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /1 scenario on 1 cell, each 3 times, 2 cells at once, every machine booted, machines left up:/);
	const json = await swarmlab(['plan', scenario, ...options, '--json']);
	t.like((JSON.parse(json.stdout) as {manner: object}).manner, {repeat: 3, jobs: 2, origin: 'cold boot', keep: true});
});

test.serial('scenarios are chosen by the tags that their needs name', async t => {
	const tagged = path.join(folder, 'tagged.ts');
	await writeFile(
		tagged,
		`import {scenario} from 'swarmlab';
scenario('quick', {tags: ['smoke', 'dns']}, async t => t.pass());
scenario('long', {tags: ['slow']}, async t => t.pass());
`,
	);
	const {stdout, stderr, exitCode} = await swarmlab(['plan', tagged, '--tag', 'dns']);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^1 scenario on 1 cell:\n.*tagged\.ts:2 +quick @smoke @dns$/m);
	const unknown = await swarmlab(['run', tagged, '--skip-tag', 'slwo']);
	t.is(unknown.exitCode, 64);
	t.regex(
		unknown.stderr,
		/no scenario has the tag 'slwo'\. Did you mean slow\?\n {2}→ The tags there are: dns, slow, smoke/,
	);
});

test.serial('a file outside of the project is shown by a path that leads there from anywhere', async t => {
	const {stdout, stderr} = await swarmlab(['plan', scenario, bad]);
	t.regex(stdout, new RegExp(`^ +${scenario}:1 +one holds$`, 'm'));
	t.regex(stderr, new RegExp(`warning: ${bad}:2 does not load`));
	t.notRegex(`${stdout}${stderr}`, /\.\.\//);
});

test.serial('a file that does not load and that a filter leaves out is no warning, and no error', async t => {
	const {stdout, stderr, exitCode} = await swarmlab(['plan', scenario, bad, '--filter', 'ONE']);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /one holds/);
	t.notRegex(stderr, /does not load/);
	t.regex(stderr, /^note: of .*bad\.ts nothing is known, .*--filter leaves it out$/m);
});

test.serial('more than the host has, and an even number of managers, is warned of', async t => {
	const {stderr, exitCode} = await swarmlab([
		'plan',
		scenario,
		'--memory',
		'65536',
		'--workers',
		'20',
		'--managers',
		'2',
	]);
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /warning: 22 × 65536 MiB are 1441792 MiB, and this host has/);
	t.regex(stderr, /warning: 2 managers are an even number/);
});

test.serial('what lacks for Vagrant is installed by a command that looks at Vagrant', async t => {
	const {stderr, exitCode} = await swarmlab(['doctor', '--provider', 'vagrant'], {PATH: folder});
	t.is(exitCode, 69);
	t.regex(stderr, /→ (node \S+ doctor --provider vagrant --fix|sudo apt-get .*vagrant-libvirt)/);
});

test.serial('a remedy can be typed: it leads back to the program', async t => {
	const {stderr} = await swarmlab(['ssh', 'm1']);
	const [, remedy] = /→ (.*) up$/m.exec(stderr) ?? [];
	t.truthy(remedy, stderr);
	const {stdout, exitCode} = await execa('sh', ['-c', `${remedy} --version`], {cwd: folder, reject: false});
	t.is(exitCode, 0);
	t.regex(stdout, /^\d+\.\d+\.\d+$/);
});

test.serial('without a command the help is shown, and it is wrong usage', async t => {
	const {exitCode, stderr} = await swarmlab([]);
	t.is(exitCode, 64);
	t.regex(stderr, /^Usage: node \S+swarmlab\.js \[options\]/);
});

test.serial('the page of a run is named, and served to this host until Ctrl-C', async t => {
	const run = path.join(folder, 'shown-run');
	await mkdir(run);
	await writeFile(path.join(run, 'run.jsonl'), asLines(sampleRun()));
	const early = await swarmlab(['show', run]);
	t.is(early.exitCode, 64);
	t.regex(early.stderr, /has no page yet\.\n {2}→ .* report /);
	await swarmlab(['report', run]);
	const {stdout} = await swarmlab(['show', run]);
	t.is(stdout, path.join(run, 'index.html'));
	const serving = execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), 'show', run, '--serve'], {
		...{cwd: folder, reject: false, env: uncoloured, stdin: 'ignore' as const},
	});
	for await (const line of serving) {
		const page = await fetch(line);
		t.is(await page.text(), readFileSync(path.join(run, 'index.html'), 'utf8'));
		serving.kill('SIGINT');
	}

	const {exitCode, stderr} = await serving;
	t.is(exitCode, 0, stderr);
});

test.serial('making reports again prints the verdict of the run, and exits with 0', async t => {
	const run = path.join(folder, 'downloaded-run');
	await mkdir(run);
	await writeFile(path.join(run, 'run.jsonl'), asLines(sampleRun()));
	for (const words of [[], ['--json'], ['--compatibility']]) {
		const {exitCode, stdout, stderr} = await swarmlab(['report', run, ...words]);
		t.is(exitCode, 0, stderr);
		t.regex(
			stderr,
			/^run \S+: 28 passed, 3 failed, 2 broken, 21 skipped on 6 cells in 8 min 46 s: exit code 1 of the run$/m,
		);
		t.notRegex(stdout, /of the run$/m);
	}
});

test.serial('help and version are answers: 0, on stdout', async t => {
	const [help, ofRun, version, short, helpOfRun] = await Promise.all(
		[['--help'], ['run', '--help'], ['--version'], ['-v'], ['help', 'run']].map(async words => swarmlab(words)),
	);
	t.deepEqual([help!.exitCode, ofRun!.exitCode, version!.exitCode], [0, 0, 0]);
	t.is(short!.stdout, version!.stdout);
	t.is(helpOfRun!.stdout, ofRun!.stdout);
	t.notRegex(ofRun!.stdout, /^ *swarmlab /m, 'examples can be copied');
	t.regex(help!.stdout, /run \[options\] \[files\.\.\.\]/);
	t.regex(ofRun!.stdout, /Examples:[\s\S]*Exit code: 0 all passed/);
	t.regex(version!.stdout, /^\d+\.\d+\.\d+$/);
});

test.serial('on a host without QEMU the message names the package, and the exit code is 69', async t => {
	const doctor = await swarmlab(['doctor'], {PATH: folder});
	t.is(doctor.exitCode, 69, doctor.stderr);
	t.regex(doctor.stdout, /MISSING +qemu-system-x86_64 +runs the machines +not found/);
	t.regex(
		doctor.stderr,
		/cannot run it yet\. Missing, or not as needed: .*qemu-system-x86_64.*\.\n {2}→ (node \S+ doctor --fix|sudo apt-get update && )/,
	);
	const json = await swarmlab(['doctor', '--json'], {PATH: folder});
	t.is(json.exitCode, 69);
	const checks = JSON.parse(json.stdout) as {name: string; state: string; package?: string}[];
	t.like(
		checks.find(({name}) => name === 'qemu-img'),
		{state: 'missing', package: 'qemu-utils'},
	);
});

test.serial('a run on a host that cannot be made fit ends with 69 and a command to copy', async t => {
	const {exitCode, stderr} = await swarmlab(['run', scenario], {PATH: folder});
	t.is(exitCode, 69, stderr);
	t.regex(stderr, /→ sudo apt-get update && sudo apt-get install -y --no-install-recommends .*qemu-system-x86/);
});

test.serial('doctor prints every check, whether this host is fit or lacks something', async t => {
	const {stdout} = await swarmlab(['doctor', '--json']);
	const checks = JSON.parse(stdout) as {name: string; seen: string}[];
	t.true(checks.some(({name}) => name === 'accelerator'));
});

test.serial('gc and down of everything with nothing there say so', async t => {
	// The cache of this host may hold what a builder of somebody else's left.
	const own = {SWARMLAB_CACHE: path.join(folder, 'cache')};
	const [gc, all, down, one] = await Promise.all([
		swarmlab(['gc'], own),
		swarmlab(['down', '--all']),
		swarmlab(['down']),
		swarmlab(['down', 'k6.1']),
	]);
	t.deepEqual([gc.exitCode, gc.stdout], [0, 'nothing was left behind']);
	for (const each of [all, down, one]) {
		t.deepEqual([each.exitCode, each.stdout], [0, 'nothing is up']);
	}
});

test.serial('a plan lists cells and scenarios, and a file that does not load', async t => {
	const {stdout, stderr, exitCode} = await swarmlab(['plan', scenario, bad, '--json', '--memory', '2048']);
	t.is(exitCode, 64, stderr);
	const plan = JSON.parse(stdout) as {cells: {id: string}[]; scenarios: {title: string}[]; problems: unknown[]};
	t.is(plan.cells.length, 1);
	t.regex(plan.cells[0]!.id, /^qemu-k[\d.]+\S*-d[\d.]+\S*-1m2w-2048MiB$/);
	t.deepEqual(
		plan.scenarios.map(({title}) => title),
		['one holds'],
	);
	t.is(plan.problems.length, 1);
});

test.serial('every kernel and engine that cannot be had is reported at once', async t => {
	const {exitCode, stderr} = await swarmlab(['plan', scenario, '--kernel', '2.4,6', '--docker', '0.9']);
	t.is(exitCode, 64, stderr);
	t.regex(stderr, /kernel '2\.4'[\s\S]*Engine '0\.9'/);
});

test.serial('what can be had is listed newest first, and a pipe that closes early is no error', async t => {
	const {stdout} = await swarmlab(['engines', '--json']);
	const versions = (JSON.parse(stdout) as {version: string}[]).map(({version}) => version);
	const order = (version: string) =>
		version.split('.').reduce((sum, part) => sum * 1000 + Number.parseInt(part, 10), 0);
	t.deepEqual(
		versions,
		[...versions].sort((a, b) => order(b) - order(a)),
	);
	const {stderr, exitCode} = await execa(
		'sh',
		['-c', `"$0" "$1" kernels | head -1`, process.execPath, path.join(packageRoot, 'harness/cli.ts')],
		{
			cwd: folder,
			reject: false,
		},
	);
	t.is(exitCode, 0);
	t.notRegex(stderr, /EPIPE/);
});

test.serial('an older Node hands over to the one that the project brings, exit code and all', async t => {
	const old = '/usr/bin/node';
	const {stdout: version = ''} = await execa(old, ['--version'], {reject: false});
	if (!/^v(18|20|22)\./.test(version)) {
		t.log(`no older Node at ${old}: ${version || 'none'}`);
	}

	const {exitCode, stderr} = await execa(
		version ? old : process.execPath,
		[path.join(packageRoot, 'harness/swarmlab.js'), 'rnu'],
		{
			reject: false,
		},
	);
	t.is(exitCode, 64);
	t.regex(stderr, /Did you mean run/);
});

test.serial('help is quick, as nothing heavy is loaded for it', async t => {
	const hook = 'registerHooks({load(url, context, next) {process._rawDebug(url); return next(url, context);}});';
	const source = encodeURIComponent(`import {registerHooks} from 'node:module'; ${hook}`);
	const {stderr} = await swarmlab(['--help'], {NODE_OPTIONS: `--import "data:text/javascript,${source}"`});
	const loaded = stderr.split('\n').filter(url => url.startsWith('file:'));
	t.true(loaded.some(url => url.endsWith('/harness/commands/run.ts')));
	t.deepEqual(
		loaded.filter(url =>
			/node_modules\/(?!commander\/|fastest-levenshtein\/)|harness\/(run|machine|providers|config)\/(?!(names|mix|variants|quote)\.ts)/.test(
				url,
			),
		),
		[],
	);
});

const unusable: [variable: string, value: string, message: RegExp][] = [
	['SWARMLAB_CACHE', '/dev/null', /The cache folder \/dev\/null cannot be written: ENOTDIR/],
	['SWARMLAB_CACHE', '/proc/x', /The cache folder \/proc\/x cannot be written: /],
	['HOME', '/etc/passwd', /The cache folder \/etc\/passwd\/\.cache\/swarmlab cannot be written: ENOTDIR/],
];

for (const [variable, value, message] of unusable) {
	test.serial(`${variable}=${value} is reported at once by plan and by doctor, without a stack: 69`, async t => {
		const env = {XDG_CACHE_HOME: '', SWARMLAB_CACHE: '', [variable]: value};
		const [plan, doctor] = await Promise.all([swarmlab(['plan', scenario], env), swarmlab(['doctor'], env)]);
		t.is(plan.exitCode, 69, plan.stderr);
		t.regex(plan.stderr, message);
		t.regex(plan.stderr, / {2}→ .*SWARMLAB_CACHE/);
		t.notRegex(plan.stderr, /\n\s+at /);
		t.is(doctor.exitCode, 69, doctor.stdout);
		t.regex(doctor.stdout, /MISSING +cache folder/);
	});
}

test.serial('doctor writes into every folder, and measures the path of the sockets', async t => {
	const env = {
		SWARMLAB_CACHE: '/dev/null/a',
		SWARMLAB_STATE: '/dev/null/b',
		SWARMLAB_RUNS: '/dev/null/c',
		SWARMLAB_RUNTIME: `/tmp/${'r'.repeat(120)}`,
	};
	const {exitCode, stdout} = await swarmlab(['doctor', '--json'], env);
	t.is(exitCode, 69);
	const checks = (JSON.parse(stdout) as {name: string; state: string}[]).filter(({name}) => name.endsWith(' folder'));
	t.deepEqual(
		checks.map(({name, state}) => `${name} ${state}`),
		['cache folder missing', 'state folder missing', 'runtime folder missing', 'runs folder missing'],
	);
	t.false(existsSync(env.SWARMLAB_RUNTIME));
});

test.serial('an accelerator that there is not is wrong usage, and an empty one is none', async t => {
	for (const value of ['hvf', 'kvm', 'tgc']) {
		const {exitCode, stderr} = await swarmlab(['images'], {SWARMLAB_ACCELERATOR: value});
		t.is(exitCode, 64);
		t.regex(stderr, /SWARMLAB_ACCELERATOR: '\w+' is not valid\. Valid: tcg\.\n {2}→ /);
	}

	t.is((await swarmlab(['images'], {SWARMLAB_ACCELERATOR: ''})).exitCode, 0);
});

test.serial('help and version make nothing on this host', async t => {
	const home = await mkdtemp(path.join(folder, 'home-'));
	const env = {HOME: home, XDG_CACHE_HOME: '', SWARMLAB_CACHE: ''};
	await Promise.all(
		[['--help'], ['run', '--help'], ['help', 'plan'], ['--version']].map(async words => swarmlab(words, env)),
	);
	t.deepEqual(await readdir(home), []);
});

test.serial('whatever ends the process before its command has ended, that is no success', async t => {
	for (const code of [0, 1, 3]) {
		// As any library may, at any time: here as soon as the program listens for the end of its door.
		const end = `process.on('newListener', name => name === 'disconnect' && setImmediate(() => process.exit(${code})))`;
		const {exitCode, stderr} = await swarmlab(['plan', scenario], {
			NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(end)}"`,
		});
		t.is(exitCode, 2, stderr);
		t.regex(stderr, /it was ended \(exit code \d\) before the command had come to its end/);
	}
});

test.serial('an answer that cannot be written is no success; a reader that has had enough is no failure', async t => {
	const shell = (text: string) =>
		execa('bash', ['-c', text, process.execPath, path.join(packageRoot, 'harness/cli.ts')], {
			reject: false,
			env: {SWARMLAB_CACHE: path.join(folder, 'cache')},
		});
	const full = await shell('"$0" "$1" images > /dev/full');
	t.is(full.exitCode, 2);
	t.regex(full.stderr, /the answer could not be written: ENOSPC/);
	t.is((await shell('set -o pipefail; "$0" "$1" images | true')).exitCode, 0);
	t.is((await shell('"$0" "$1" rnu 2> /dev/full')).exitCode, 64);
});

/** A PATH on which everything is but QEMU and sudo, with an apt-get that only writes down what it is to install. */
async function hostWithoutQemu(): Promise<{bin: string; log: string}> {
	const bin = await mkdtemp(path.join(folder, 'bin-'));
	const log = path.join(bin, 'installed');
	for (const name of await readdir('/usr/bin')) {
		if (!/^(qemu-|sudo$|apt-get$)/.test(name)) {
			await symlink(path.join('/usr/bin', name), path.join(bin, name)).catch(() => {});
		}
	}

	await writeFile(
		path.join(bin, 'apt-get'),
		`#!/bin/sh\ncase " $* " in *" install "*) echo "$*" >> ${log}; exit 100;; esac\nexec /usr/bin/apt-get "$@"\n`,
	);
	await chmod(path.join(bin, 'apt-get'), 0o755);
	return {bin, log};
}

const mistyped = [
	['run', scenario, '--cell', 'nope'],
	['run', scenario, '--kernel', '2.4'],
	['run', scenario, '--docker', '0.9'],
	['run', scenario, '--exclude', '*'],
	['up', '--cell', 'nope'],
	['box', 'build', '--docker', '0.9'],
	['box', 'build', '--docker', ''],
	['doctor', '--fix', '--provider', ''],
];

for (const words of mistyped) {
	test.serial(`nothing is installed for \`${words.map(word => path.basename(word)).join(' ')}\``, async t => {
		const {bin, log} = await hostWithoutQemu();
		const {exitCode, stderr} = await swarmlab(words, {PATH: bin});
		t.is(exitCode, 64, stderr);
		t.false(existsSync(log), stderr);
	});
}

test.serial('help takes a command with its action, as it is typed', async t => {
	for (const words of [
		['box', 'build'],
		['images', 'prune'],
	]) {
		const {exitCode, stdout} = await swarmlab(['help', ...words]);
		t.is(exitCode, 0);
		t.is(stdout, (await swarmlab(['help', words[0]!])).stdout);
	}

	t.is((await swarmlab(['help', 'bxo', 'build'])).exitCode, 64);
});

test.serial('what apt brings and what it does not are reported at once, with what helps each', async t => {
	const {bin, log} = await hostWithoutQemu();
	const {exitCode, stderr} = await swarmlab(['doctor', '--fix'], {PATH: bin, SWARMLAB_STATE: '/dev/null/state'});
	t.is(exitCode, 69, stderr);
	t.regex(stderr, /state folder: .*ENOTDIR/);
	t.regex(stderr, /qemu-system-x86_64: not found/);
	t.regex(stderr, /→ sudo apt-get .* install .*qemu-system-x86.*\n +.*Set SWARMLAB_STATE to/);
	t.false(existsSync(log), stderr);
});

test.serial('--no-install installs nothing, and a person at a terminal is asked', async t => {
	const {bin, log} = await hostWithoutQemu();
	for (const words of [['run', scenario], ['up']]) {
		const {exitCode, stderr} = await swarmlab([...words, '--no-install'], {PATH: bin});
		t.is(exitCode, 69, stderr);
		t.regex(stderr, /lacks .*qemu-system-x86.*\n {2}→ sudo apt-get .* install .*qemu-system-x86/);
	}

	const typed = [process.execPath, path.join(packageRoot, 'harness/cli.ts'), 'run', scenario].join(' ');
	const asked = await execa('script', ['-q', '-e', '-c', typed, '/dev/null'], {
		reject: false,
		input: 'n\n',
		cwd: folder,
		extendEnv: false,
		env: {
			HOME: folder,
			PATH: bin,
			TERM: 'dumb',
			SWARMLAB_STATE: path.join(folder, 'state'),
			SWARMLAB_RUNS: path.join(folder, 'runs'),
		},
	});
	t.is(asked.exitCode, 69, asked.stdout);
	t.regex(asked.stdout, /This host lacks .*qemu-system-x86.*\. Install by apt\? \[y\/N\]/);
	t.false(existsSync(log));
});

test.serial('a plan that is killed leaves nothing that runs', async t => {
	const looping = path.join(folder, 'looping.ts');
	const pidFile = path.join(folder, 'looping.pid');
	await writeFile(
		looping,
		`import 'swarmlab';\nimport {renameSync, writeFileSync} from 'node:fs';\nwriteFileSync('${pidFile}~', String(process.pid));\nrenameSync('${pidFile}~', '${pidFile}');\nfor (;;);\n`,
	);
	const plan = swarmlab(['plan', looping]);
	while (!existsSync(pidFile)) {
		await delay(50);
	}

	const pid = Number(readFileSync(pidFile, 'utf8'));
	t.truthy(identify(pid));
	plan.kill('SIGKILL');
	await plan;
	// Its own limit is over a minute.
	const end = performance.now() + 45_000;
	while (identify(pid) && performance.now() < end) {
		await delay(50);
	}

	t.is(identify(pid), undefined);
});

test.serial('a file of a report is written once, and never again', async t => {
	const own = path.join(folder, 'workspace');
	await mkdir(own, {recursive: true});
	await writeFile(path.join(own, 'swarmlab.config.ts'), 'export default {};\n');
	const words = [
		'reproduce',
		'--new',
		'moby/moby#12345',
		'--title',
		"it's a claim",
		'--step',
		"m1: echo 'a'",
		'--workers',
		'1',
	];
	const run = () =>
		execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
			...{reject: false, stdin: 'ignore', cwd: own, env: uncoloured},
		});
	const first = await run();
	t.is(first.exitCode, 0, first.stderr);
	const file = path.join(own, 'scenarios/issues/12345-it-s-a-claim.ts');
	t.regex(first.stdout, /12345-it-s-a-claim\.ts is written/);
	const text = readFileSync(file, 'utf8');
	t.regex(text, /workers: 1/);
	const plan = await execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), 'plan', file], {
		...{reject: false, cwd: own, env: uncoloured},
	});
	t.regex(plan.stdout, /it's a claim/, plan.stderr);
	await writeFile(file, `${text}// mine\n`);
	const second = await run();
	t.is(second.exitCode, 64);
	t.regex(second.stderr, /is there already, and stays as it is/);
	t.is(readFileSync(file, 'utf8'), `${text}// mine\n`);
});

test('what is typed wrongly in a step of git makes git give up, and never looks like a bad commit', async t => {
	const [option, file, engine] = await Promise.all(
		[
			['bisect', '--git', '--nope', scenario],
			['bisect', '--git', 'no-such-file.ts'],
			['bisect', '--git', scenario, '--docker', 'tarball:'],
		].map(async words => swarmlab(words)),
	);
	t.deepEqual([option!.exitCode, file!.exitCode, engine!.exitCode], [128, 128, 128]);
});
