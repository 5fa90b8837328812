/** The strips of a terminal. */
import test from 'ava';
import {plain} from '../../reports/screen.ts';
import {signs} from '../../reports/words.ts';
import type {PastPoint} from '../history/history.ts';
import {historyLines} from './history-lines.ts';

const point = (day: number, verdict: PastPoint['verdict'], seconds: number, message = ''): PastPoint => ({
	...{folder: '', run: '', startedAt: `2026-11-${day}T02:00:00.000Z`, state: 'finished', exitCode: 0},
	...{hostname: '', swarmlab: '', verdict, seconds, message, issue: '', tries: []},
});

test('a strip has the newest run at the right, a bar for each time, and why the last one was red', t => {
	const points = [
		point(20, 'passed', 2),
		point(21, 'failed', 8, 'm1 got 3 of 5'),
		point(22, 'broken', 9),
		point(23, 'known', 4),
	];
	t.deepEqual(
		historyLines(
			[{file: 'scenarios/a.ts', title: 'it holds', cell: 'c', kernel: '', engine: '', points}],
			signs,
			plain,
		),
		[
			'scenarios/a.ts: it holds',
			'  c',
			'    ✓✗!≈  4 runs, 2026-11-20 to 2026-11-23: 1 passed, 1 failed, 1 broken, 1 known; 3 changes',
			'    ▂█·▄  last 4.0 s, median 4.0 s, 2.0 s to 8.0 s',
			'    2026-11-21 ✗ m1 got 3 of 5',
		],
	);
});

test('titles and reasons cannot move the cursor, and runs without a time have no bar', t => {
	const points = [{...point(20, 'broken', 0, 'a\u001B[2Jb'), startedAt: ''}];
	const lines = historyLines(
		[{file: 'a.ts', title: 'x\r\u001B[31my', cell: 'c\u0007', kernel: '', engine: '', points}],
		signs,
		plain,
	);
	t.deepEqual(lines.slice(3, 4), ['    ·  no times']);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	t.notRegex(lines.join(''), /[\u0000-\u001F]/);
	t.regex(lines[2]!, /1 run, day unknown: 1 broken$/);
});
