/** A log on this host: whole, without passwords, and honest when the disk is full. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {HarnessError} from '../errors.ts';
import {LogFile} from './log-file.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-log-'));
test.after.always(() => fs.rmSync(folder, {recursive: true}));

test('a password is masked even where it is cut in two, and a last line without an end is kept', t => {
	const file = path.join(folder, 'log');
	const log = new LogFile(file, ['s0123456']);
	for (const part of ['mysql -ps01', '23456\nThe pass', 'word: other\nthe e', 'nd']) {
		log.write(Buffer.from(part));
	}

	log.close();
	log.close();
	t.is(fs.readFileSync(file, 'utf8'), 'mysql -p********\nThe password: ********\nthe end\n');
});

test('a disk that is full is reported at the end, and does not end what is being logged', t => {
	const log = new LogFile('/dev/full', []);
	t.notThrows(() => log.write(Buffer.from('a line\n')));
	t.throws(() => log.close(), {instanceOf: HarnessError, message: /could not be written: ENOSPC/});
});
