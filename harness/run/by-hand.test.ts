import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {CellHandle} from '../model/index.ts';
import {cellHandleOf, writeCellFile} from '../provision/cell-file.ts';
import {findMachine} from './by-hand.ts';
import {cellOf} from './fixtures/in-memory.ts';

test('a machine of a cell that another version left up is refused with the way out, one of this version is found', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'by-hand-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	const machines = [{name: 'm1'}] as CellHandle['machines'];
	const about = {run: 'hand-1', cell: cellOf('memory-1m0w'), folder};
	const provisioned = {up: {machines}, subject: {stack: {seconds: 1}}, origin: 'cold boot'};
	writeCellFile(cellHandleOf(about, provisioned as unknown as Parameters<typeof cellHandleOf>[1]));
	const handle = JSON.parse(readFileSync(path.join(folder, 'cell.json'), 'utf8')) as CellHandle;
	const up = (each: CellHandle) => ({lease: {} as Parameters<typeof findMachine>[0]['lease'], handle: each});
	t.is(findMachine(up(handle), 'm1').name, 'm1');
	t.throws(() => findMachine(up(handle), 'w1'), {message: /has no machine "w1"/});

	t.is(handle.schema, 3);
	const unnumbered = {...handle, schema: undefined as unknown as number};
	for (const older of [unnumbered, {...handle, schema: 2}]) {
		t.throws(() => findMachine(up(older), 'm1'), {message: /brought up by another version/});
	}
});
