import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {fatalLine, milestone, saidSince, silence} from './console.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-console-'));
test.after.always(() => {
	fs.rmSync(folder, {recursive: true});
});

function consoleSaying(text: string): string {
	const file = path.join(folder, `${Math.random()}.log`);
	fs.writeFileSync(file, text);
	return file;
}

const rows: Array<[said: string, milestone: string, fatal: string | undefined]> = [
	['', 'starting', undefined],
	['[    0.000000] Linux version 6.1\r\n', 'kernel is booting', undefined],
	['[ 1.0] x\r\nswarmlab: network up\r\nswarmlab: sshd up\r\n', 'sshd up', undefined],
	['swarmlab: FATAL: no root disk\r\n', 'FATAL: no root disk', 'swarmlab: FATAL: no root disk'],
	['[ 2.0] Kernel panic - not syncing: VFS\r\n', 'kernel is booting', 'Kernel panic - not syncing: VFS'],
];
for (const [said, expected, fatal] of rows) {
	test(`a console that says ${JSON.stringify(said)}`, t => {
		const file = consoleSaying(said);
		t.is(milestone(file), expected);
		t.is(fatalLine(file), fatal);
	});
}

test('a console that never said anything is silent since the start; a file that is not there too', t => {
	const aDay = 24 * 3600;
	const start = Date.now() - aDay * 1000;
	for (const file of [consoleSaying(''), path.join(folder, 'none')]) {
		const seconds = silence(file, start);
		t.true(seconds >= aDay && seconds <= (Date.now() - start) / 1000, `${seconds} s`);
	}

	// What was written is as new as this test, however long that takes.
	t.true(silence(consoleSaying('x'), start) < aDay / 2);
});

test('what was said in an earlier life is not taken for an answer, nor is half a line', t => {
	const before = 'swarmlab: identity renewed\r\n';
	const file = consoleSaying(before);
	t.is(saidSince(file, before.length, 'identity'), undefined);
	fs.appendFileSync(file, '[ 9.1] eth1 up\r\nswarmlab: identity FAILED: no po');
	t.is(saidSince(file, before.length, 'identity'), undefined);
	fs.appendFileSync(file, 'ol\r\n');
	t.is(saidSince(file, before.length, 'identity'), 'identity FAILED: no pool');
});
