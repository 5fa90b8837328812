/** The rehearsal tree. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';

const tree = path.join(import.meta.dirname, 'rehearsal');
const scripts = fs
	.readdirSync(tree, {withFileTypes: true, recursive: true})
	.filter(each => each.isFile())
	.map(each => path.relative(tree, path.join(each.parentPath, each.name)));

test('scripts that are started may be', t => {
	t.true(scripts.length >= 11, scripts.join(' '));
	for (const name of scripts.filter(each => each.endsWith('.sh'))) {
		t.true((fs.statSync(path.join(tree, name)).mode & 0o111) !== 0, name);
	}
});
