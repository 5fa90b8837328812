import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {unused} from './cell.ts';

test('no scenario writes over what another one has left', t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-unused-'));
	const [log, evidence] = [path.join(folder, 'exercise.sh.log'), path.join(folder, 'a-claim')];
	t.is(unused(log), log);
	fs.writeFileSync(log, '');
	t.is(unused(log), path.join(folder, 'exercise.sh_2.log'));
	fs.writeFileSync(unused(log), '');
	t.is(unused(log), path.join(folder, 'exercise.sh_3.log'));
	fs.mkdirSync(evidence);
	t.is(unused(evidence), path.join(folder, 'a-claim_2'));
});
