/** The tree of the packaged cloud, as far as it can be looked at without a cloud. */
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';

const tree = path.join(import.meta.dirname, 'packaged');
const files = readdirSync(tree, {recursive: true, withFileTypes: true})
	.filter(entry => entry.isFile())
	.map(entry => path.join(entry.parentPath, entry.name));

test('what is run can be run', t => {
	const programs = files.filter(file => /^#!/.test(readFileSync(file, 'utf8')));
	t.true(programs.length >= 15);
	t.deepEqual(
		programs.filter(file => (statSync(file).mode & 0o111) === 0),
		[],
	);
});

test('local.conf has the last word, and its other sections mean nothing', t => {
	const said = inTree(
		[
			'[[local|localrc]]',
			'ADMIN_PASSWORD=mine',
			'disable_all_services',
			'enable_service key',
			'enable_service g-api n-api',
			'disable_service n-api',
			'[[post-config|/etc/nova.conf]]',
			'ADMIN_PASSWORD=theirs',
		],
		'echo "$ADMIN_PASSWORD $SERVICE_PASSWORD $ENABLED_SERVICES"',
	);
	t.is(said, 'mine mine ,key,g-api\n');
});

test('an exercise that does not apply says so with 55, one that fails with 1, and the summary has both', t => {
	const exercises = ['applies-not', 'fails', 'passes'];
	const script = (name: string) =>
		({'applies-not': 'exit 55', fails: 'die $LINENO "it fails"', passes: 'success'})[name];
	const {stdout, stderr, status} = spawnSync(
		'bash',
		[
			'-c',
			[
				'copy=$(mktemp -d); trap \'rm -rf "$copy"\' EXIT',
				'cp -r . "$copy"; rm "$copy"/exercises/*.sh',
				...exercises.map(
					name =>
						`printf '%s\\n' '#!/usr/bin/env bash' 'source "$(dirname "$0")/prepare"' '${script(name)}' > "$copy/exercises/${name}.sh"`,
				),
				'chmod +x "$copy"/exercises/*.sh; "$copy/exercise.sh"',
			].join('\n'),
		],
		{cwd: tree, encoding: 'utf8'},
	);
	const line = '='.repeat(69);
	t.is(status, 1, stderr);
	t.true(
		stdout.endsWith(`${line}\nSKIP applies-not\nPASS passes\nFAILED fails\n${line}\n`),
		`${stdout}\nstderr:\n${stderr}`,
	);
	t.regex(stderr, /^\[ERROR\] \S+\/exercises\/fails\.sh:3 it fails$/m);
	t.is([...stdout.matchAll(new RegExp(`^${line}\nRunning \\S+\n${line}$`, 'gm'))].length, 3);
});

/** What a command says in a copy of the tree with this local.conf. */
function inTree(conf: string[], command: string): string {
	const {stdout, stderr} = spawnSync(
		'bash',
		[
			'-c',
			`set -e; copy=$(mktemp -d); trap 'rm -rf "$copy"' EXIT; cp stackrc "$copy"; cat > "$copy/local.conf"; TOP_DIR=$copy; source stackrc; ${command}`,
		],
		{cwd: tree, encoding: 'utf8', input: conf.join('\n')},
	);
	return stdout || stderr;
}
