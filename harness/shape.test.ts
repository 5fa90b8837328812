import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {list, number, object, readStored, text} from './shape.ts';

const shape = object<{name: string; sizes: number[]}>({name: text(), sizes: list(number)});

const contents: [content: string | undefined, problem: RegExp | undefined][] = [
	['{"name": "a", "sizes": [1, 2], "newer": true}', undefined],
	['{}', /^FILE is damaged: name is missing, sizes is missing\.$/],
	['{"name": "a", "sizes": ["1"]}', /^FILE is damaged: sizes\[0\] is not a number\.$/],
	['null', /^FILE is damaged: it is not an object\.$/],
	['[]', /^FILE is damaged: it is not an object\.$/],
	['{"name": "a"', /^FILE cannot be read: .*JSON/],
	['', /^FILE cannot be read: .*JSON/],
	[undefined, /^FILE cannot be read: ENOENT/],
];

for (const [content, problem] of contents) {
	test(`a stored file: ${content ?? 'none'}`, t => {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-shape-'));
		t.teardown(() => fs.rmSync(folder, {recursive: true}));
		const file = path.join(folder, 'stored.json');
		if (content !== undefined) {
			fs.writeFileSync(file, content);
		}

		const stored = readStored(file, shape);
		if (problem) {
			t.regex(stored.problem!.replaceAll(file, 'FILE'), problem);
			t.is(stored.value, undefined);
		} else {
			t.deepEqual(stored, {value: JSON.parse(content!)});
		}
	});
}
