/** What a person does at a failure: a prompt on the failing swarm, cells that stay up, and claims that are proven on them. */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext, TestFn} from 'ava';
import {execa} from 'execa';
import {packageRoot} from '../../harness/package.ts';
import type {RunSummary} from '../../harness/record/summary/summary.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {events, forget, type Places, processesIn, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const fixture = fileURLToPath(new URL('fixtures/at-failure.ts', import.meta.url));
const options = ['--provider', 'container', '--docker', '28.5', '--no-install', '--workers', '0'];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

/** Runs the command at a terminal, and types each line when what it waits for is there. Returns what was shown. */
async function atTerminal(places: Places, typed: [after: RegExp, keys: string | ((pid: number) => void)][]) {
	const words = [process.execPath, path.join(packageRoot, 'harness/cli.ts'), 'run', fixture, ...options, '--debug'];
	const terminal = execa('script', ['-qefc', words.join(' '), '/dev/null'], {
		...{cwd: packageRoot, reject: false, env: {...places.env, TERM: 'dumb'}},
	});
	let [all, seen] = ['', ''];
	for await (const chunk of terminal.stdout) {
		all += String(chunk);
		seen += String(chunk);
		const [next] = typed;
		if (next?.[0].test(seen)) {
			typed.shift();
			seen = '';
			if (typeof next[1] === 'string') {
				terminal.stdin.write(next[1]);
			} else {
				next[1](terminal.pid!);
			}
		}
	}

	const {exitCode} = await terminal;
	return {all, exitCode, left: typed};
}

const prompt = /-1m0w> $/;

test.serial('at the prompt the swarm is as the claim left it; it is tried again, and then the run goes on', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {all, exitCode, left} = await atTerminal(places, [
		[prompt, 'docker m1 service ls\r'],
		[/left-as-it-is[\s\S]*1\/1[\s\S]*-1m0w> $/, 'exec m1 echo $((40+2)) on $(hostname)\r'],
		[/42 on m1[\s\S]*-1m0w> $/, 'ssh w7\r'],
		[/'w7' is no node\. The nodes are m1\.[\s\S]*-1m0w> $/, 'retry\r'],
		[/failed: a service has two tasks[\s\S]*-1m0w> $/, 'go on\r'],
	]);
	t.deepEqual(left, [], all);
	t.is(exitCode, 1, all);
	const [result] = events(places).flatMap(each => (each.event === 'result' ? [each.result] : []));
	t.is(result?.verdict, 'failed');
	t.regex(result!.log.join('\n'), /it was tried again at the prompt: it was failed: /);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('Ctrl-C at the prompt ends the run, and leaves nothing', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {all, exitCode} = await atTerminal(places, [[prompt, '\u0003']]);
	t.is(exitCode, 2, all);
	t.true(events(places).some(({event}) => event === 'run-interrupted'));
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('a terminal that is closed at the prompt leaves nothing', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {all} = await atTerminal(places, [[prompt, pid => process.kill(pid, 'SIGKILL')]]);
	t.regex(all, prompt);
	await untilGone(places);
	t.true(events(places).some(({event}) => event === 'run-finished'));
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

async function untilGone(places: Places): Promise<void> {
	for (let look = 0; look < 1200 && processesIn(places).length > 0; look++) {
		await delay(50);
	}
}

test.serial('what failed stays up with --keep=failed, claims are proven on it, and not when it has died', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {exitCode, stderr} = await swarmlab(['run', fixture, ...options, '--keep=failed'], places);
	t.is(exitCode, 1, stderr);
	const [, run = ''] = /^left up: container-\S+: .* down (\S+)$/m.exec(stderr) ?? [];
	t.truthy(run, stderr);
	const list = ['docker', 'service', 'ls', '--format', '{{.Name}} {{.Replicas}}'];
	const made = await swarmlab(['exec', 'm1', '--cell', run, '--', ...list], places);
	t.is(made.stdout, 'left-as-it-is 1/1', made.stderr);
	const containers = async () => (await host.docker.listContainers()).map(({Id}) => Id);
	const before = await containers();
	const on = async () => swarmlab(['run', 'scenarios/formation.ts', '--on', run, '--json'], places);
	for (const each of [await on(), await on()]) {
		t.is(each.exitCode, 0, each.stderr);
		const {cells} = JSON.parse(each.stdout) as RunSummary;
		t.true(cells[0]!.cases.some(({title, verdict}) => title.startsWith('every machine') && verdict === 'passed'));
	}

	t.deepEqual(await containers(), before, 'nothing was started, and nothing was taken down');
	await proveCopies(t, places, run);
	await proveRefusals(t, places, run);
	await proveFaultsByHand(t, places, run);
	await host.docker.getContainer(before[0]!).kill();
	const dead = await on();
	t.is(dead.exitCode, 64, dead.stderr);
	t.regex(
		dead.stderr,
		/The cell container-\S+ \(\S+\) (does not answer: |has died: )[\s\S]*→ \S.* down \S+; \S.* up$/m,
	);
	t.is((await swarmlab(['down', run], places)).exitCode, 0);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

/** What a person has put in stays while a scenario runs, and its result names it. */
async function proveFaultsByHand(t: ExecutionContext, places: Places, run: string): Promise<void> {
	const fault = async (...words: string[]) => swarmlab(['fault', ...words, '--cell', run], places);
	const put = await fault('add', 'set-mtu', '--node', 'm1', '--with', 'mtu=1400');
	t.is(put.exitCode, 0, put.stderr);
	const {stdout, stderr} = await swarmlab(['run', 'scenarios/formation.ts', '--on', run, '--json'], places);
	t.regex(stderr, /^warning: faults are on in \S+: n1 m1: the MTU/m);
	const {cells} = JSON.parse(stdout) as RunSummary;
	const proven = cells[0]!.cases.filter(({title}) => title.startsWith('every machine'));
	t.is(proven.length, 1, stderr);
	t.deepEqual(
		proven[0]!.faults?.map(({what, by, healedAt}) => ({what, by, healedAt})),
		[{what: "m1: the MTU of the LAN's card is 1400", by: 'by hand', healedAt: ''}],
	);
	t.regex((await fault('list')).stdout, /the MTU/);
	t.is((await fault('heal', '--all')).exitCode, 0);
}

async function proveCopies(t: ExecutionContext, places: Places, run: string): Promise<void> {
	const folder = path.join(places.root, 'copied here');
	fs.mkdirSync(path.join(folder, 'sent'), {recursive: true});
	fs.writeFileSync(path.join(folder, 'sent/a b'), 'from this host\n');
	const cp = async (from: string, to: string) => swarmlab(['cp', from, to, '--cell', run], places);
	for (const [from, to] of [
		[path.join(folder, 'sent'), 'm1:/root/'],
		['m1:/root/sent', 'm1:/root/again'],
		['m1:/root/again/a b', folder],
	] as const) {
		const {exitCode, all} = await cp(from, to);
		t.is(exitCode, 0, all);
	}

	t.is(fs.readFileSync(path.join(folder, 'a b'), 'utf8'), 'from this host\n');
	const nothing = await cp('m1:/root/nothing', folder);
	t.is(nothing.exitCode, 2, nothing.all);
	t.regex(nothing.stderr, /m1: copy \/root\/nothing to .*: failed[\s\S]*No such file/);
	const wrong: [words: string[], message: RegExp][] = [
		[['cp', 'm9:/root/x', '.'], /has no machine "m9"[\s\S]*It has: m1/],
		[['cp', path.join(folder, 'nothing'), 'm1:/root/'], /There is no .*nothing on this host/],
		[['cp', 'm1:/root/sent', path.join(folder, 'no/x')], /There is no folder .*no on this host/],
		[['ssh-config'], /are containers, and have no ssh/],
	];
	for (const [words, message] of wrong) {
		const {exitCode, stderr} = await swarmlab(words, places);
		t.is(exitCode, 64, stderr);
		t.regex(stderr, message);
	}
}

async function proveRefusals(t: ExecutionContext, places: Places, run: string): Promise<void> {
	const unknown = await swarmlab(['run', 'scenarios/formation.ts', '--on', `${run}x`], places);
	t.is(unknown.exitCode, 64, unknown.stderr);
	t.true(unknown.stderr.includes(`Did you mean ${run}? Up are: `), unknown.stderr);
	const asked = await swarmlab(['run', 'scenarios/formation.ts', ...options, '--debug'], places);
	t.is(asked.exitCode, 64, asked.stderr);
	t.regex(asked.stderr, /--debug asks a person, and this is no terminal\.\n {2}→ .*--keep=failed/);
}

test.serial('with --watch each save has its verdict on the same cell, and Ctrl-C removes it', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const file = path.join(places.root, 'mine.ts');
	const claim = (text: string) =>
		`import {scenario} from 'swarmlab';\n\nscenario('the swarm has a node', {workers: 0}, async (t, swarm) => {\n\t${text}\n});\n`;
	fs.mkdirSync(path.join(places.root, 'node_modules'), {recursive: true});
	fs.writeFileSync(file, claim('t.is(swarm.machines.length, 1);'));
	const watching = swarmlab(['run', file, ...options, '--watch'], places);
	const steps: [after: RegExp, save: () => void][] = [
		[
			/passed .*: the swarm has a node[\s\S]*waits for a save/,
			() => fs.writeFileSync(file, claim('t.is(swarm.machines.length, 2);')),
		],
		[/failed .*: the swarm has a node[\s\S]*waits for a save/, () => fs.writeFileSync(file, claim('t.is('))],
		[
			/mine\.ts\S* does not load[\s\S]*waits for a save/,
			() => fs.writeFileSync(file, claim('t.is(swarm.machines[0]?.name, "m1");')),
		],
		[/passed .*: the swarm has a node[\s\S]*waits for a save/, () => watching.kill('SIGINT')],
	];
	let seen = '';
	for await (const line of watching.iterable({from: 'stderr'})) {
		seen += `${line}\n`;
		if (steps[0]?.[0].test(seen)) {
			steps.shift()![1]();
			seen = '';
		}
	}

	const {exitCode, all} = await watching;
	t.deepEqual(steps, [], all);
	t.is(exitCode, 0, all);
	t.is(all!.match(/m1: its container starts/g)?.length, 1, 'the cell was brought up once');
	await nothingIsLeftOn(t, host, places);
	forget(places);
});
