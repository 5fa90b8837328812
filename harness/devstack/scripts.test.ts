/** The trees of ours: shell that a linter has nothing against. */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';

const tree = path.join(import.meta.dirname, 'rehearsal');
const scripts = fs
	.readdirSync(tree, {withFileTypes: true, recursive: true})
	.filter(each => each.isFile())
	.map(each => path.relative(tree, path.join(each.parentPath, each.name)));
const withShellcheck = spawnSync('shellcheck', ['--version']).status === 0 ? test : test.skip;

withShellcheck('shellcheck has nothing against the scripts of the rehearsal tree', t => {
	t.true(scripts.length >= 11, scripts.join(' '));
	const {stdout} = spawnSync('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...scripts], {encoding: 'utf8', cwd: tree});
	t.is(stdout, '');
});

test('scripts that are started may be', t => {
	for (const name of scripts.filter(each => each.endsWith('.sh'))) {
		t.true((fs.statSync(path.join(tree, name)).mode & 0o111) !== 0, name);
	}
});
