/** docs/api.md has what can be imported, as it is. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';
import {apiPage} from '../packaging/api.ts';

test('docs/api.md is what the sources declare: a change of the interface is seen in a review', t => {
	t.is(readFileSync(path.join(packageRoot, 'docs/api.md'), 'utf8'), apiPage(), 'npm run api makes it again');
});
