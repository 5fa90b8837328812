/** The page of a run in a browser. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {noBrowser, violationsIn} from './fixtures/axe.ts';
import {htmlPage} from './html/page.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-page-'));
test.after.always(() => fs.rmSync(folder, {recursive: true, force: true, maxRetries: 5}));

for (const scheme of ['light', 'dark'] as const) {
	test(`axe finds nothing on the page of a run in Chromium, ${scheme}`, async t => {
		if (noBrowser) {
			t.log(`It is skipped: ${noBrowser}.`);
			t.pass();
			return;
		}

		const file = path.join(folder, `${scheme}.html`);
		fs.writeFileSync(file, htmlPage(summarise(sampleRun())));
		t.deepEqual(await violationsIn(file, scheme), []);
	});
}
