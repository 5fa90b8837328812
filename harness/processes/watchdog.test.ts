import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {execaNode} from 'execa';
import {identify} from './processes.ts';
import {parentVariable} from './watchdog.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-watchdog-'));
test.after.always(() => fs.rmSync(folder, {recursive: true, force: true}));

const watchdog = JSON.stringify(path.join(import.meta.dirname, 'watchdog.ts'));

/** Loops for ever, guarded, after it has said its pid. */
function looping(limitSeconds: string): string {
	const file = path.join(folder, `looping-${limitSeconds}.ts`);
	fs.writeFileSync(
		file,
		[
			`import {writeSync} from 'node:fs';`,
			`import {endWithParent} from ${watchdog};`,
			`endWithParent(${limitSeconds});`,
			"writeSync(1, String(process.pid) + '\\n');",
			'for (;;);',
		].join('\n'),
	);
	return file;
}

test('a process that loops for ever ends when its parent is killed', async t => {
	const parent = path.join(folder, 'parent.ts');
	fs.writeFileSync(
		parent,
		[
			`import {spawn} from 'node:child_process';`,
			`spawn(process.execPath, [${JSON.stringify(looping('Infinity'))}], {stdio: 'inherit', detached: true});`,
			'setInterval(() => {}, 1000);',
		].join('\n'),
	);
	const child = spawn(process.execPath, [parent], {stdio: ['ignore', 'pipe', 'inherit']});
	const [pid] = (await once(createInterface({input: child.stdout}), 'line')) as [string];
	t.truthy(identify(Number(pid)));
	child.kill('SIGKILL');
	while (identify(Number(pid))) {
		await delay(50);
	}

	t.pass();
});

test('it ends, too, when its parent was gone before it could ask who that was', async t => {
	const child = spawn(process.execPath, [looping('3600')], {
		// One beyond the largest that Linux gives (PID_MAX_LIMIT).
		env: {...process.env, [parentVariable]: String(2 ** 22 + 1)},
		stdio: ['ignore', 'pipe', 'inherit'],
		detached: true,
	});
	const [, signal] = (await once(child, 'exit')) as [number, string];
	t.is(signal, 'SIGKILL');
});

test('who its parent is, a guarded process does not pass on', async t => {
	const file = path.join(folder, 'passing-on.ts');
	fs.writeFileSync(
		file,
		`import {endWithParent} from ${watchdog};\nendWithParent();\nconsole.log(process.env.${parentVariable});\n`,
	);
	const {stdout} = await execaNode(file, {env: {[parentVariable]: String(process.pid)}});
	t.is(stdout, 'undefined');
});

test('it ends after its own limit, too', async t => {
	const child = spawn(process.execPath, [looping('2')], {stdio: ['ignore', 'pipe', 'inherit'], detached: true});
	const [, signal] = (await once(child, 'exit')) as [number, string];
	t.is(signal, 'SIGKILL');
});

test('it keeps nothing: a process that has nothing left to do ends by itself', async t => {
	const file = path.join(folder, 'idle.ts');
	fs.writeFileSync(file, `import {endWithParent} from ${watchdog};\nendWithParent();\nendWithParent(600);\n`);
	const child = spawn(process.execPath, [file], {stdio: 'inherit'});
	const [code] = (await once(child, 'exit')) as [number];
	t.is(code, 0);
});
