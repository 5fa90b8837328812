import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {amend, enter, nodeFaultsOn, strike} from './journal.ts';

const fault = (what: string) => ({
	node: 'w1',
	fault: 'stop-engine',
	options: {},
	what,
	shown: '',
	by: 'a claim',
	since: '',
});

test('faults get ids that no other has, are listed in their order, and are struck once', t => {
	const cell = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-journal-'));
	t.deepEqual(nodeFaultsOn(cell), []);
	const all = Array.from({length: 11}, (_, index) => enter(cell, fault(`fault ${index}`)));
	t.deepEqual(
		nodeFaultsOn(cell).map(({id}) => id),
		all.map(({id}) => id),
	);
	t.is(all.at(-1)!.id, 'n11');
	amend(cell, {...all[1]!, shown: 'it is on'});
	t.is(nodeFaultsOn(cell)[1]!.shown, 'it is on');
	strike(cell, all[0]!);
	strike(cell, all[0]!);
	t.is(nodeFaultsOn(cell)[0]!.what, 'fault 1');
	t.is(enter(cell, fault('another')).id, 'n1');
	fs.writeFileSync(path.join(cell, 'faults', 'n99.json'), 'half');
	t.is(nodeFaultsOn(cell).length, 11);
	fs.rmSync(cell, {recursive: true});
});
