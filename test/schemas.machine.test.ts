/** What commands print with `--json` is what the schemas of the package say. */
import {mkdtemp} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {packageRoot} from '../harness/package.ts';
import {checkerOf} from './schemas.ts';

const outputs: [schema: string, words: string[]][] = [
	['doctor', ['doctor', '--provider', 'container']],
	['doctor', ['doctor']],
	['fault-kinds', ['fault', 'kinds']],
	['gc', ['gc', '--dry-run']],
	['history', ['history']],
	['images', ['images']],
	['snapshot-list', ['snapshot', 'list']],
	['status', ['status']],
];

for (const [schema, words] of outputs) {
	test(`swarmlab ${words.join(' ')} --json is as ${schema}.schema.json says`, async t => {
		const home = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-json-'));
		const {stdout, stderr} = await execa(process.execPath, ['harness/swarmlab.js', ...words, '--json'], {
			cwd: packageRoot,
			reject: false,
			env: {
				SWARMLAB_CACHE: path.join(home, 'cache'),
				SWARMLAB_STATE: path.join(home, 'state'),
				SWARMLAB_RUNS: path.join(home, 'runs'),
			},
		});
		t.deepEqual(checkerOf(schema)(JSON.parse(stdout || 'null')), [], stderr);
	});
}
