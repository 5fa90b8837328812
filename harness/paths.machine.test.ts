import path from 'node:path';
import test from 'ava';
import {execaNode} from 'execa';
import {packageRoot} from './package.ts';

const script = `console.log(JSON.stringify(await import(${JSON.stringify(path.join(import.meta.dirname, 'paths.ts'))})))`;

/** What paths.ts says in a process with this environment that stands in the folder /. */
async function pathsWith(env: Record<string, string>): Promise<Record<string, string>> {
	const {stdout} = await execaNode('--input-type=module', ['-e', script], {
		extendEnv: false,
		cwd: '/',
		env: {HOME: '/home/of-a-user', ...env},
	});
	return JSON.parse(stdout) as Record<string, string>;
}

const folders = {
	SWARMLAB_CACHE: 'cache',
	SWARMLAB_STATE: 'state',
	SWARMLAB_LEDGER: 'ledger',
	SWARMLAB_RUNTIME: 'runtime',
	SWARMLAB_RUNS: 'runs',
};

test('an empty variable is as good as none', async t => {
	const variables = [
		...Object.keys(folders),
		'XDG_CACHE_HOME',
		'XDG_STATE_HOME',
		'XDG_RUNTIME_DIR',
		'TMPDIR',
		'VAGRANT_HOME',
	];
	t.deepEqual(await pathsWith(Object.fromEntries(variables.map(name => [name, '']))), await pathsWith({}));
});

test('without any variable all lies in the home of the user, in /tmp and in the project', async t => {
	t.like(await pathsWith({}), {
		cache: '/home/of-a-user/.cache/swarmlab',
		state: '/home/of-a-user/.local/state/swarmlab',
		runtime: `/tmp/swarmlab-${process.getuid?.()}`,
		runs: path.join(packageRoot, 'reports/runs'),
	});
});

for (const [variable, name] of Object.entries(folders)) {
	test(`a relative ${variable} is meant from the workspace, wherever a command is typed`, async t => {
		t.is((await pathsWith({[variable]: './some/where'}))[name], path.join(packageRoot, 'some/where'));
		t.is((await pathsWith({[variable]: '/some/where'}))[name], '/some/where');
	});
}

for (const [variable, name] of Object.entries(folders)) {
	test(`${variable} of blanks is as good as none, and ~ in it is the user's home: no shell has looked at what a CI sets`, async t => {
		t.is((await pathsWith({[variable]: ' '}))[name], (await pathsWith({}))[name]);
		t.is((await pathsWith({[variable]: '~/some/where'}))[name], '/home/of-a-user/some/where');
		t.is((await pathsWith({[variable]: '~'}))[name], '/home/of-a-user');
		t.is((await pathsWith({[variable]: '/a/~/b'}))[name], '/a/~/b');
	});
}

test('no folder of the host is ever relative, whatever its variables say', async t => {
	const odd = {HOME: '', XDG_CACHE_HOME: 'a', XDG_STATE_HOME: './b', XDG_RUNTIME_DIR: 'c', TMPDIR: 'd'};
	for (const [name, folder] of Object.entries(await pathsWith(odd))) {
		t.true(name === 'latest' || path.isAbsolute(folder), `${name}: ${folder}`);
	}

	t.is((await pathsWith({HOME: 'here'})).cache, path.join((await pathsWith({HOME: ''})).cache!));
});
