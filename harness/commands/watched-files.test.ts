/** Files that are watched, on a real file system. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {watchFiles} from './watched-files.ts';

function files(t: ExecutionContext) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-watched-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const at = (name: string) => path.join(folder, name);
	fs.mkdirSync(at('deeper'));
	fs.writeFileSync(at('one.ts'), "import {x} from './deeper/two.ts';\n");
	fs.writeFileSync(at('deeper/two.ts'), 'export const x = 1;\n');
	fs.writeFileSync(at('other.ts'), '');
	return at;
}

const never = new AbortController().signal;

test('a save of the file is seen, and one of what it imports, also if an editor replaces it', async t => {
	const at = files(t);
	t.is(watchFiles([at('one.ts')]).count, 2);
	for (const change of [
		() => fs.appendFileSync(at('one.ts'), '// more\n'),
		() => fs.writeFileSync(at('deeper/two.ts'), 'export const x = 2;\n'),
		() => {
			fs.writeFileSync(at('deeper/.two.swp'), 'export const x = 3;\n');
			fs.renameSync(at('deeper/.two.swp'), at('deeper/two.ts'));
		},
		() => fs.rmSync(at('one.ts')),
	]) {
		const changed = watchFiles([at('one.ts')]).changed(never);
		change();
		await t.notThrowsAsync(changed);
	}
});

test('a save between the look and the wait is not missed', async t => {
	const at = files(t);
	const watched = watchFiles([at('one.ts')]);
	fs.appendFileSync(at('one.ts'), '// more\n');
	await t.notThrowsAsync(watched.changed(never));
});

test('another file, and a save that changes nothing, are no change; the wait ends with its signal', async t => {
	const at = files(t);
	const ended = new AbortController();
	const changed = watchFiles([at('one.ts')]).changed(ended.signal);
	let isChanged = false;
	changed.then(
		() => {
			isChanged = true;
		},
		() => {},
	);
	const other = watchFiles([at('other.ts')]).changed(never);
	fs.writeFileSync(at('one.ts'), fs.readFileSync(at('one.ts')));
	fs.writeFileSync(at('other.ts'), '// another\n');
	await other;
	t.false(isChanged);
	ended.abort(new Error('Ctrl-C'));
	await t.throwsAsync(changed, {message: 'Ctrl-C'});
});
