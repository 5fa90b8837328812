/** The completion scripts in the shells that this host has, asked as they ask: by the words that were typed. */
import {existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
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

for (const shell of shells) {
	test(`the script for ${shell} is one that it reads, where it is installed`, async t => {
		const script = completionScript(shell, ['/a folder/node', "/it's/swarmlab.js"]);
		t.true(script.includes(`'/a folder/node'`));
		if (['/bin', '/usr/bin'].some(folder => existsSync(path.join(folder, shell)))) {
			const {root} = places(t);
			writeFileSync(path.join(root, 'script'), script);
			const {exitCode, stderr} = await execa(shell, ['-n', path.join(root, 'script')], {reject: false});
			t.is(exitCode, 0, stderr);
		}
	});
}
