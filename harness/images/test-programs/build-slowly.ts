/**
 * Asks the cache for an artifact whose building lasts until a file appears; prints every event as a line of JSON.
 * For cache.test.ts.
 */
import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {ensureArtifact} from '../cache.ts';

const [name = '', goOn = '/'] = process.argv.slice(2);
const tell = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const artifact = await ensureArtifact(
	{
		kind: 'kernel',
		label: name,
		recipe: {name},
		build: async (folder, say) => {
			await writeFile(path.join(folder, 'half'), 'x');
			say('half done');
			while (!existsSync(goOn)) {
				await sleep(20);
			}

			await writeFile(path.join(folder, 'whole'), 'y');
		},
	},
	tell,
);
tell({result: artifact.state});
