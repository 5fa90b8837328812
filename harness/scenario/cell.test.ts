import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {CellHandle} from '../model/index.ts';
import {unused} from './cell.ts';
import {Swarm} from './swarm.ts';

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

test('a cell of a stack has no swarm', t => {
	const cell = {id: 'a-cell'} as CellHandle['cell'];
	t.throws(() => new Swarm({cell, folder: '/cell', subject: {stack: {seconds: 1}}}, [], 'a claim'), {
		instanceOf: TypeError,
		message: /A stack is up in the cell a-cell/,
	});
	const swarm = {nodeIds: {m1: 'an id'}, managerToken: '', workerToken: ''};
	t.deepEqual(new Swarm({cell, folder: '/cell', subject: {swarm}}, [], 'a claim').formed, swarm);
});
