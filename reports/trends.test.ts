/** The page of trends: what it says of each claim, and that it harms nobody who opens it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {cellWith, type Try, writeRun} from '../harness/history/fixtures/write-run.ts';
import {noBrowser, violationsIn} from './fixtures/axe.ts';
import {writeTrends} from './trends.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-trends-'));
process.env.SWARMLAB_CACHE = path.join(root, 'cache');
const {openHistory} = await import('../harness/history/history.ts');
test.after.always(() => fs.rmSync(root, {recursive: true, force: true, maxRetries: 5}));

const cells = ['6.12.118', '6.9.1'].flatMap(kernel => ['28.5.2', '20.10.5'].map(engine => cellWith(engine, kernel)));

/** Three nights: with engine 20.10.5 the first claim fails in the last one. */
function pageOf(hostile = 'it holds'): {file: string; text: string} {
	const folder = fs.mkdtempSync(path.join(root, 'page-'));
	for (const night of [20, 21, 22]) {
		const results: Record<string, (cell: {id: string}) => Try[]> = {
			one: ({id}) => [
				{verdict: night === 22 && id.includes('d20.10.5') ? 'failed' : 'passed', seconds: night, metrics: {gap: 0.5}},
			],
			two: () => [night === 21 ? 'broken' : 'passed'],
			[hostile]: () => ['passed'],
		};
		writeRun(path.join(folder, 'runs'), {run: `2026-11-${night}T02-00-00-aa`, cells, results});
	}

	const history = openHistory(path.join(folder, 'runs'));
	const file = writeTrends(path.join(folder, 'trends.html'), history.strips({}));
	history.close();
	return {file, text: fs.readFileSync(file, 'utf8')};
}

test('each claim has kernels × engines in the order of their numbers, with its verdicts over the runs', t => {
	const {text} = pageOf();
	t.regex(text, /<h1>4 claims on 4 cells in 3 runs<\/h1>/);
	const one = text.slice(text.indexOf('>one<'), text.indexOf('>two<'));
	t.deepEqual(
		[...one.matchAll(/scope="(?:col|row)">([^<]+)</g)].map(each => each[1]),
		['20.10.5', '28.5.2', '6.9.1-amd64', '6.12.118-amd64'],
	);
	t.deepEqual(
		[...one.matchAll(/aria-label="(3 runs[^"]+)"/g)].map(each => each[1]),
		[
			'3 runs, 2026-11-20 to 2026-11-22: 2 passed, 1 failed',
			'3 runs, 2026-11-20 to 2026-11-22: 3 passed',
			'3 runs, 2026-11-20 to 2026-11-22: 2 passed, 1 failed',
			'3 runs, 2026-11-20 to 2026-11-22: 3 passed',
		],
	);
	t.deepEqual(
		[...one.matchAll(/<small>(\d\/\d)</g)].map(each => each[1]),
		['2/3', '3/3', '2/3', '3/3'],
	);
	t.regex(one, /<b>seconds<\/b>[\s\S]*last 22, median 21, 20 to 22 in 3 runs/);
	t.regex(one, /<b>gap<\/b>/);
});

test('a claim that did not pass in its newest run is open, and a run that the lab broke proved nothing', t => {
	const {text} = pageOf();
	t.deepEqual(
		[...text.matchAll(/<details class="trend"( open)?>\s*<summary>.*?"claim">([^<]+)</gs)].map(each => [
			each[2],
			each[1],
		]),
		[
			['provision', undefined],
			['it holds', undefined],
			['one', ' open'],
			['two', undefined],
		],
	);
	t.regex(text.slice(text.indexOf('>two<')), /<small>2\/2<[\s\S]*3 runs, 2026-11-20 to 2026-11-22: 2 passed, 1 broken/);
});

test('a title is text, not markup: no script comes to the page', t => {
	const {text} = pageOf('</title><script>alert(1)</script>" onload="x\u001B[31m');
	t.notRegex(text, /<script|" onload=/);
	t.true(text.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x'));
	t.false(text.includes('\u001B'));
});

for (const scheme of ['light', 'dark'] as const) {
	test(`axe finds nothing on the page in Chromium, ${scheme}`, async t => {
		if (noBrowser) {
			t.log(`It is skipped: ${noBrowser}.`);
			t.pass();
			return;
		}

		t.deepEqual(await violationsIn(pageOf().file, scheme), []);
	});
}
