import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {CellFile} from '../model/index.ts';
import {writeCellFile} from '../provision/cell-file.ts';
import {findMachine} from './by-hand.ts';
import {cellOf} from './fixtures/in-memory.ts';

test('a machine of a cell that another version left up is refused with the way out, one of this version is found', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'by-hand-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	const machines = [{name: 'm1'}] as CellFile['machines'];
	writeCellFile({folder, cell: cellOf('memory-1m0w'), machines} as CellFile);
	const file = JSON.parse(readFileSync(path.join(folder, 'cell.json'), 'utf8')) as CellFile;
	const up = (each: CellFile) => ({lease: {} as Parameters<typeof findMachine>[0]['lease'], file: each});
	t.is(findMachine(up(file), 'm1').name, 'm1');
	t.throws(() => findMachine(up(file), 'w1'), {message: /has no machine "w1"/});

	const {schema, ...older} = file;
	t.is(schema, 3);
	t.throws(() => findMachine(up(older), 'm1'), {message: /brought up by another version/});
});
