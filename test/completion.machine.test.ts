/** The completion scripts in the shells that this host has, asked as they ask: by the words that were typed. */
import {existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {completionScript, shells} from '../harness/commands/completion-scripts.ts';
import {packageRoot} from '../harness/package.ts';
import {identify} from '../harness/processes/processes.ts';

const program = [process.execPath, path.join(packageRoot, 'harness/swarmlab.js')];

/** Places with a cell that is up, and two runs. */
function places(t: ExecutionContext) {
	const root = mkdtempSync(path.join(os.tmpdir(), 'completed-'));
	t.teardown(() => rmSync(root, {recursive: true, force: true}));
	const at = (name: string) => path.join(root, name);
	for (const run of ['2026-11-01T10-00-00-aaaa', '2026-11-02T10-00-00-bbbb']) {
		mkdirSync(at(`runs/${run}`), {recursive: true});
		writeFileSync(at(`runs/${run}/run.jsonl`), '');
	}

	mkdirSync(at('state/leases'), {recursive: true});
	const machines = ['m1', 'w1'].map(name => ({name}));
	writeFileSync(at('cell.json'), JSON.stringify({schema: 3, run: 'hand-1', cell: {id: 'qemu-k6.1-1m1w'}, machines}));
	const lease = {id: 'hand-1', owner: identify(process.pid), createdAt: '2026-11-02', kept: true, folders: []};
	writeFileSync(at('state/leases/hand-1.json'), JSON.stringify({...lease, cells: [at('cell.json')]}));
	return {
		root,
		env: {
			...{
				SWARMLAB_RUNS: at('runs'),
				SWARMLAB_STATE: at('state'),
				SWARMLAB_CACHE: at('cache'),
				SWARMLAB_RUNTIME: at('rt'),
			},
			SCRIPT: completionScript('bash', program),
		},
	};
}

async function complete(env: Record<string, string>, ...words: string[]): Promise<string[]> {
	const found = ['"$', '{COMPREPLY[@]}"'].join('');
	const ask = `eval "$SCRIPT"; COMP_WORDS=(swarmlab "$@"); COMP_CWORD=$#; _swarmlab; printf '%s\\n' ${found}`;
	const {stdout} = await execa('bash', ['--norc', '-c', ask, 'bash', ...words], {env, cwd: packageRoot});
	return stdout.split('\n').filter(line => line !== '');
}

test('bash completes commands, options, cells, nodes and runs, and fetches nothing', async t => {
	const {env, root} = places(t);
	t.deepEqual(await complete(env, 'ssh'), ['ssh', 'ssh-config']);
	t.deepEqual(await complete(env, 'run', '--watc'), ['--watch']);
	t.deepEqual(await complete(env, 'run', '--on', ''), ['qemu-k6.1-1m1w', 'hand-1']);
	t.deepEqual(await complete(env, 'ssh', ''), ['m1', 'w1']);
	t.deepEqual(await complete(env, 'cp', 'w'), ['w1:']);
	t.deepEqual(await complete(env, 'report', '2026-11-02'), ['2026-11-02T10-00-00-bbbb']);
	t.deepEqual(await complete(env, 'run', '--kernel', 'd'), ['default']);
	t.deepEqual(await complete(env, 'run', 'scenarios/v'), [], 'bash itself completes files');
	t.deepEqual(globSync(path.join(root, 'cache/apt/**/lists/*_Packages*')), []);
});

test('bash binds the function to the name, with files where nothing else is found', async t => {
	const {env} = places(t);
	const {stdout} = await execa('bash', ['--norc', '-c', 'eval "$SCRIPT"; complete -p swarmlab'], {env});
	t.is(stdout, 'complete -o default -F _swarmlab swarmlab');
});

const has = (shell: string) => ['/bin', '/usr/bin'].some(folder => existsSync(path.join(folder, shell)));

/** Returns what fish offers for a line, without descriptions. */
async function completeInFish(t: ExecutionContext, line: string): Promise<string[]> {
	const {root, env} = places(t);
	writeFileSync(path.join(root, 'script'), completionScript('fish', program));
	const ask = `source ${path.join(root, 'script')}; complete -C ${JSON.stringify(line)}`;
	const {stdout} = await execa('fish', ['--no-config', '-c', ask], {
		cwd: packageRoot,
		env: {...env, HOME: root, XDG_DATA_HOME: root, XDG_CONFIG_HOME: root},
	});
	return stdout.split('\n').map(each => each.split('\t')[0]!);
}

test('fish completes the same, and files where nothing else is found', async t => {
	if (!has('fish')) {
		t.log('It is skipped: this host has no fish.');
		t.pass();
		return;
	}

	const asked = async (line: string) => completeInFish(t, line);
	t.deepEqual(await asked('swarmlab ss'), ['ssh', 'ssh-config']);
	t.deepEqual(await asked('swarmlab run --watc'), ['--watch']);
	t.deepEqual(await asked('swarmlab run --kernel d'), ['default'], 'and no folder that begins so');
	t.deepEqual(await asked('swarmlab cp w'), ['w1:']);
	t.deepEqual(await asked('swarmlab run scenarios/vi'), ['scenarios/vip.ts']);
});

/**
 * Types a line and Tab into an interactive zsh, and returns the line as zsh then has it. What was typed is written into a file by
 * a key of its own, so that no drawing of the terminal is read.
 */
async function completeInZsh(t: ExecutionContext, line: string): Promise<string> {
	const {root, env} = places(t);
	const at = (name: string) => path.join(root, name);
	writeFileSync(at('script'), completionScript('zsh', program));
	writeFileSync(
		at('.zshrc'),
		[
			`PROMPT=; autoload -Uz compinit; compinit -u -d ${at('dump')}; source ${at('script')}`,
			`report() { print -rn -- "$BUFFER" > ${at('line')}; exit }; zle -N report`,
			"bindkey '^I' complete-word; bindkey '^X' report",
			'zle-line-init() { print -n READY }; zle -N zle-line-init',
		].join('\n'),
	);
	// It waits until zsh reads keys, and for its end: for no fixed time.
	writeFileSync(
		at('drive'),
		`zmodload zsh/zpty; zpty z zsh -i; zpty -r z out '*READY*'; zpty -w -n z ${JSON.stringify(line)}$'\\t\\C-x'; while zpty -r z out; do :; done`,
	);
	await execa('zsh', ['-f', at('drive')], {
		cwd: packageRoot,
		env: {...env, ZDOTDIR: root, HOME: root, TERM: 'dumb'},
		stdin: 'ignore',
		timeout: 600_000,
	});
	return readFileSync(at('line'), 'utf8');
}

test('zsh completes the same, and files where nothing else is found', async t => {
	if (!has('zsh')) {
		t.log('It is skipped: this host has no zsh.');
		t.pass();
		return;
	}

	const typed = async (line: string) => completeInZsh(t, line);
	t.is(await typed('swarmlab ss'), 'swarmlab ssh');
	t.is(await typed('swarmlab run --watc'), 'swarmlab run --watch ');
	t.is(await typed('swarmlab run --kernel d'), 'swarmlab run --kernel default ');
	t.is(await typed('swarmlab cp w'), 'swarmlab cp w1:', 'without a space: a path follows');
	t.is(await typed('swarmlab run scenarios/vi'), 'swarmlab run scenarios/vip.ts ');
});

for (const shell of shells) {
	test(`the script for ${shell} is one that it reads, where it is installed`, async t => {
		const script = completionScript(shell, ['/a folder/node', "/it's/swarmlab.js"]);
		t.true(script.includes(`'/a folder/node'`));
		if (has(shell)) {
			const {root} = places(t);
			writeFileSync(path.join(root, 'script'), script);
			const {exitCode, stderr} = await execa(shell, ['-n', path.join(root, 'script')], {reject: false});
			t.is(exitCode, 0, stderr);
		}
	});
}
